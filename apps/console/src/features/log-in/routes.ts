import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/log-in', name: 'log-in', component: () => import('./LogInPage.vue'), meta: { isPublic: true } },
];
