import { TollgateError } from '@tollgate/client';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { useSession } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Without the shell, for people who are not logged in. */
    isPublic?: boolean;
    /** The place of the navigation that a page belongs to, where that is not its own. */
    place?: string;
  }
}

const features = import.meta.glob<RouteRecordRaw[]>('../features/*/routes.ts', { eager: true, import: 'routes' });

/** Every page, brought by its feature; what no feature knows is answered as not found. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...Object.values(features).flat(),
    { path: '/:missing(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
});

router.beforeEach(async (to) => {
  const { me, load, mayBeLoggedIn } = useSession();
  const toLogIn = { name: 'log-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (to.meta.isPublic || me.value !== undefined) return true;
  if (!mayBeLoggedIn()) return toLogIn;
  try {
    await load();
    return true;
  } catch (error) {
    if (!(error instanceof TollgateError) || error.status !== 401) return true;
    return toLogIn;
  }
});
