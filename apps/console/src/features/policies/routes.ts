import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/policy-templates', name: 'policy-templates', component: () => import('./TemplatesPage.vue') },
  {
    path: '/policy-templates/~new',
    name: 'policy-template-new',
    component: () => import('./TemplatePage.vue'),
    meta: { place: 'policy-templates' },
  },
  {
    path: '/policy-templates/:templateId',
    name: 'policy-template',
    component: () => import('./TemplatePage.vue'),
    meta: { place: 'policy-templates' },
  },
  { path: '/policy-catalogue', name: 'policy-catalogue', component: () => import('./CataloguePage.vue') },
  {
    path: '/policy-catalogue/:name',
    name: 'policy-type',
    component: () => import('./PolicyTypePage.vue'),
    meta: { place: 'policy-catalogue' },
  },
];
