import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/billing', name: 'billing', component: () => import('./BillingPage.vue') },
];
