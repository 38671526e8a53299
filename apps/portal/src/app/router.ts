import { TollgateError } from '@tollgate/client';
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { enterSite, useSession } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Whom a page is for: a developer who is logged in, or one who may build something. Without it: anybody. */
    needs?: 'session' | 'approval';
    /** The place of the navigation that a page belongs to. */
    place?: string;
  }
}

const features = import.meta.glob<RouteRecordRaw[]>('../features/*/routes.ts', { eager: true, import: 'routes' });

/** Every page, brought by its feature; all but the first lie below the site of an organisation. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...Object.values(features).flat(),
    { path: '/:siteSlug/:missing(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
});

router.beforeEach(async (to) => {
  const { siteSlug } = to.params;
  if (typeof siteSlug !== 'string') return true;
  enterSite(siteSlug);
  const { me, load, mayBeLoggedIn } = useSession();
  if (to.meta.needs === undefined) {
    // Pages for anybody do not wait for the answer.
    if (me.value === undefined && mayBeLoggedIn()) void load().catch(() => undefined);
    return true;
  }
  const toLogIn = { name: 'log-in', params: { siteSlug }, query: { next: to.fullPath } };
  if (me.value === undefined) {
    if (!mayBeLoggedIn()) return toLogIn;
    try {
      await load();
    } catch (error) {
      return error instanceof TollgateError && error.status === 401 ? toLogIn : true;
    }
  }
  if (to.meta.needs === 'approval' && me.value?.state === 'pending')
    return { name: 'waiting', params: { siteSlug }, query: { next: to.fullPath } };
  return true;
});
