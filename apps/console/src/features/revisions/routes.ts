import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/gateway-groups/:groupId/revisions', name: 'revisions', component: () => import('./RevisionsPage.vue') },
  {
    path: '/gateway-groups/:groupId/revisions/:revision',
    name: 'revision',
    component: () => import('./RevisionPage.vue'),
    meta: { place: 'revisions' },
  },
];
