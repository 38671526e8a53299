import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/:siteSlug/subscriptions',
    name: 'subscriptions',
    component: () => import('./SubscriptionsPage.vue'),
    meta: { needs: 'approval', place: 'subscriptions' },
  },
  {
    path: '/:siteSlug/subscriptions/:subscriptionId',
    name: 'subscription',
    component: () => import('./SubscriptionPage.vue'),
    meta: { needs: 'approval', place: 'subscriptions' },
  },
];
