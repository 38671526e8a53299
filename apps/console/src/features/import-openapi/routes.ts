import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/gateway-groups/:groupId/import',
    name: 'import-openapi',
    component: () => import('./ImportPage.vue'),
    meta: { place: 'services' },
  },
];
