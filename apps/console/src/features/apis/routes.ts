import type { RouteRecordRaw } from 'vue-router';

const ofGroup = '/gateway-groups/:groupId';

export const routes: RouteRecordRaw[] = [
  { path: `${ofGroup}/routes`, name: 'routes', component: () => import('./RoutesPage.vue') },
  {
    path: `${ofGroup}/routes/~new`,
    name: 'route-new',
    component: () => import('./RoutePage.vue'),
    meta: { place: 'routes' },
  },
  {
    path: `${ofGroup}/routes/:resourceId`,
    name: 'route',
    component: () => import('./RoutePage.vue'),
    meta: { place: 'routes' },
  },
  { path: `${ofGroup}/services`, name: 'services', component: () => import('./ServicesPage.vue') },
  {
    path: `${ofGroup}/services/~new`,
    name: 'service-new',
    component: () => import('./ServicePage.vue'),
    meta: { place: 'services' },
  },
  {
    path: `${ofGroup}/services/:resourceId`,
    name: 'service',
    component: () => import('./ServicePage.vue'),
    meta: { place: 'services' },
  },
  { path: `${ofGroup}/upstreams`, name: 'upstreams', component: () => import('./UpstreamsPage.vue') },
  {
    path: `${ofGroup}/upstreams/~new`,
    name: 'upstream-new',
    component: () => import('./UpstreamPage.vue'),
    meta: { place: 'upstreams' },
  },
  {
    path: `${ofGroup}/upstreams/:resourceId`,
    name: 'upstream',
    component: () => import('./UpstreamPage.vue'),
    meta: { place: 'upstreams' },
  },
];
