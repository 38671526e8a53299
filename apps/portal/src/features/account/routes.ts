import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/:siteSlug/account',
    name: 'account',
    component: () => import('./AccountPage.vue'),
    meta: { needs: 'session' },
  },
];
