import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/analytics', name: 'analytics', component: () => import('./AnalyticsPage.vue') },
];
