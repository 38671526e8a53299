import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/gateway-groups/:groupId/changes', name: 'changes', component: () => import('./ChangesPage.vue') },
];
