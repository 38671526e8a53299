import type { RouteRecordRaw } from 'vue-router';

const base = '/gateway-groups/:groupId/stream-routes';

export const routes: RouteRecordRaw[] = [
  { path: base, name: 'stream-routes', component: () => import('./StreamRoutesPage.vue') },
  {
    path: `${base}/~new`,
    name: 'stream-route-new',
    component: () => import('./StreamRoutePage.vue'),
    meta: { place: 'stream-routes' },
  },
  {
    path: `${base}/:resourceId`,
    name: 'stream-route',
    component: () => import('./StreamRoutePage.vue'),
    meta: { place: 'stream-routes' },
  },
];
