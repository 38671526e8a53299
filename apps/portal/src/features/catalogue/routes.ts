import type { RouteRecordRaw } from 'vue-router';
import CataloguePage from './CataloguePage.vue';

export const routes: RouteRecordRaw[] = [
  // Most visitors begin here: this page comes with the shell.
  {
    path: '/:siteSlug',
    name: 'catalogue',
    component: CataloguePage,
    meta: { place: 'catalogue' },
  },
];
