import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/portal-site', name: 'portal-site', component: () => import('./PortalSitePage.vue') },
];
