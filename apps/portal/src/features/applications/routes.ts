import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/:siteSlug/applications',
    name: 'applications',
    component: () => import('./ApplicationsPage.vue'),
    meta: { needs: 'approval', place: 'applications' },
  },
  {
    path: '/:siteSlug/applications/:applicationId',
    name: 'application',
    component: () => import('./ApplicationPage.vue'),
    meta: { needs: 'approval', place: 'applications' },
  },
];
