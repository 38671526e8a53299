import type { RouteRecordRaw } from 'vue-router';

const base = '/gateway-groups/:groupId/consumer-groups';

export const routes: RouteRecordRaw[] = [
  { path: base, name: 'consumer-groups', component: () => import('./ConsumerGroupsPage.vue') },
  {
    path: `${base}/~new`,
    name: 'consumer-group-new',
    component: () => import('./ConsumerGroupPage.vue'),
    meta: { place: 'consumer-groups' },
  },
  {
    path: `${base}/:resourceId`,
    name: 'consumer-group',
    component: () => import('./ConsumerGroupPage.vue'),
    meta: { place: 'consumer-groups' },
  },
];
