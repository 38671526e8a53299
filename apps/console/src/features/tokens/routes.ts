import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/tokens', name: 'tokens', component: () => import('./TokensPage.vue') },
  {
    path: '/tokens/service-accounts/:serviceAccountId',
    name: 'service-account',
    component: () => import('./ServiceAccountPage.vue'),
    props: true,
    meta: { place: 'tokens' },
  },
];
