import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/products', name: 'products', component: () => import('./ProductsPage.vue') },
  {
    path: '/products/:productId',
    component: () => import('./ProductPage.vue'),
    props: true,
    meta: { place: 'products' },
    children: [
      { path: '', name: 'product', component: () => import('./ProductOverview.vue') },
      { path: 'routes', name: 'product-routes', component: () => import('./ProductRoutes.vue') },
      { path: 'plans', name: 'product-plans', component: () => import('./ProductPlans.vue') },
      { path: 'reference', name: 'product-reference', component: () => import('./ProductReference.vue') },
      { path: 'guides', name: 'product-guides', component: () => import('./ProductGuides.vue') },
      { path: 'subscriptions', name: 'product-subscriptions', component: () => import('./ProductSubscriptions.vue') },
    ],
  },
];
