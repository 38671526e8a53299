import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/:siteSlug/log-in', name: 'log-in', component: () => import('./LogInPage.vue') },
  { path: '/:siteSlug/sign-up', name: 'sign-up', component: () => import('./SignUpPage.vue') },
  { path: '/:siteSlug/confirm-mail', name: 'confirm-mail', component: () => import('./ConfirmMailPage.vue') },
  { path: '/:siteSlug/forgot-password', name: 'forgot-password', component: () => import('./ForgotPasswordPage.vue') },
  { path: '/:siteSlug/reset-password', name: 'reset-password', component: () => import('./ResetPasswordPage.vue') },
  {
    path: '/:siteSlug/waiting',
    name: 'waiting',
    component: () => import('./WaitingPage.vue'),
    meta: { needs: 'session' },
  },
];
