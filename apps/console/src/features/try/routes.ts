import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/gateway-groups/:groupId/try', name: 'try', component: () => import('./TryPage.vue') },
];
