import type { RouteRecordRaw } from 'vue-router';

const meta = { place: 'gateway-groups' };

export const routes: RouteRecordRaw[] = [
  { path: '/gateway-groups', name: 'gateway-groups', component: () => import('./GatewayGroupsPage.vue') },
  {
    path: '/gateway-groups/:groupId',
    name: 'gateway-group',
    component: () => import('./GatewayGroupPage.vue'),
    meta,
  },
  {
    path: '/gateway-groups/:groupId/workspaces',
    name: 'gateway-group-workspaces',
    component: () => import('./GatewayGroupWorkspacesPage.vue'),
    meta,
  },
  {
    path: '/gateway-groups/:groupId/settings',
    name: 'gateway-group-settings',
    component: () => import('./GatewayGroupSettingsPage.vue'),
    meta,
  },
];
