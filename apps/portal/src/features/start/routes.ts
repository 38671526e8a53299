import type { RouteRecordRaw } from 'vue-router';
import { lastSite } from '../../app/site.ts';

export const routes: RouteRecordRaw[] = [
  {
    path: '/',
    name: 'start',
    component: () => import('./StartPage.vue'),
    beforeEnter: ({ query }) => {
      const siteSlug = lastSite();
      return siteSlug === null || query.choose !== undefined ? true : { name: 'catalogue', params: { siteSlug } };
    },
  },
];
