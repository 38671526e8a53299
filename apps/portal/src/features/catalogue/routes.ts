import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/:siteSlug',
    name: 'catalogue',
    component: () => import('./CataloguePage.vue'),
    meta: { place: 'catalogue' },
  },
];
