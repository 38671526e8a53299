import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';

const features = import.meta.glob<RouteRecordRaw[]>('../features/*/routes.ts', { eager: true, import: 'routes' });

/** Every page, brought by its feature; all but the first lie below the site of an organisation. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...Object.values(features).flat(),
    { path: '/:missing(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
});
