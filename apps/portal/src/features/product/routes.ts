import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/:siteSlug/products/:productId',
    component: () => import('./ProductPage.vue'),
    meta: { place: 'catalogue' },
    children: [
      { path: '', name: 'product', component: () => import('./ProductOverview.vue') },
      { path: 'plans', name: 'product-plans', component: () => import('./ProductPlans.vue') },
      { path: 'guides/:guideSlug', name: 'product-guide', component: () => import('./ProductGuide.vue') },
      { path: 'reference', name: 'product-reference', component: () => import('./ProductReference.vue') },
      { path: 'try', name: 'product-try', component: () => import('../try/TryPage.vue') },
    ],
  },
];
