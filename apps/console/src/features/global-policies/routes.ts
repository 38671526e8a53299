import type { RouteRecordRaw } from 'vue-router';

const base = '/gateway-groups/:groupId/global-policies';

export const routes: RouteRecordRaw[] = [
  { path: base, name: 'global-policies', component: () => import('./GlobalPoliciesPage.vue') },
  {
    path: `${base}/~new`,
    name: 'global-policy-new',
    component: () => import('./GlobalPolicyPage.vue'),
    meta: { place: 'global-policies' },
  },
  {
    path: `${base}/:resourceId`,
    name: 'global-policy',
    component: () => import('./GlobalPolicyPage.vue'),
    meta: { place: 'global-policies' },
  },
];
