import type { RouteRecordRaw } from 'vue-router';

const meta = { isPublic: true };

export const routes: RouteRecordRaw[] = [
  { path: '/sign-up', name: 'sign-up', component: () => import('./SignUpPage.vue'), meta },
  { path: '/forgot-password', name: 'forgot-password', component: () => import('./ForgotPasswordPage.vue'), meta },
  { path: '/reset-password', name: 'reset-password', component: () => import('./ResetPasswordPage.vue'), meta },
  {
    path: '/accept-invitation',
    name: 'accept-invitation',
    component: () => import('./AcceptInvitationPage.vue'),
    meta,
  },
];
