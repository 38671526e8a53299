import type { RouteRecordRaw } from 'vue-router';

/** The living page of the design: every component in every state. For who builds pages; nothing in it is real. */
export const routes: RouteRecordRaw[] = [
  { path: '/design', name: 'design', component: () => import('./DesignPage.vue'), meta: { isPublic: true } },
];
