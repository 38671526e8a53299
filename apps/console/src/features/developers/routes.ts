import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/developers', name: 'developers', component: () => import('./DevelopersPage.vue') },
  {
    path: '/developers/:developerId',
    name: 'developer',
    component: () => import('./DeveloperPage.vue'),
    props: true,
    meta: { place: 'developers' },
  },
];
