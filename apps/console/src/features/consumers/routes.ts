import type { RouteRecordRaw } from 'vue-router';

const base = '/gateway-groups/:groupId/consumers';

export const routes: RouteRecordRaw[] = [
  { path: base, name: 'consumers', component: () => import('./ConsumersPage.vue') },
  {
    path: `${base}/~new`,
    name: 'consumer-new',
    component: () => import('./ConsumerPage.vue'),
    meta: { place: 'consumers' },
  },
  {
    path: `${base}/:resourceId`,
    name: 'consumer',
    component: () => import('./ConsumerPage.vue'),
    meta: { place: 'consumers' },
  },
];
