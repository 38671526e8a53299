/**
 * Every permission and what it lets its holder do. `read` never implies `write`; `write` never implies `read`.
 * Operator permissions belong to the SaaS's own staff and are in no tenant role.
 */
export const permissions = {
  'tenant.read': 'See the organisation.',
  'tenant.write': 'Change the organisation.',
  'members.read': 'See members and invitations.',
  'members.write': 'Invite, change and remove members.',
  'tokens.write': 'Create and revoke one’s own personal access tokens.',
  'service-accounts.write': 'Create, change and remove service accounts and their tokens.',
  'audit.read': 'Read the audit log.',
  'projects.read': 'See projects and environments.',
  'projects.write': 'Create, change and remove projects and environments.',
  'gateways.read': 'See gateway groups, revisions and data planes.',
  'gateways.write': 'Create and change gateway groups, pools and enrolment tokens.',
  'config.read': 'See services, routes, upstreams and other gateway resources.',
  'config.write': 'Change the draft of gateway resources.',
  'config.publish': 'Publish a draft and roll back a workspace.',
  'config.rollback-group': 'Roll back a whole gateway group.',
  'policies.read': 'See the policy catalogue and templates.',
  'policies.write': 'Create policy templates and publish their versions.',
  'portal.read': 'See portal sites, products, plans, developers and subscriptions.',
  'portal.write': 'Change portal sites, products and plans.',
  'portal.approve': 'Approve and refuse developers and subscriptions; revoke credentials.',
  'analytics.read': 'Read reports.',
  'billing.read': 'See prices, previews and invoices.',
  'billing.write': 'Set prices.',
  'operator.read': 'Operator: see all tenants and captured mail.',
  'operator.write': 'Operator: suspend and resume tenants, run shared pools.',
} as const;

export type Permission = keyof typeof permissions;

const all = Object.keys(permissions) as Permission[];
const ofTenant = all.filter((permission) => !permission.startsWith('operator.'));
const readOnly = ofTenant.filter((permission) => permission.endsWith('.read'));

/** Roles of a tenant's members and the permissions each holds. */
export const rolePermissions = {
  owner: ofTenant,
  admin: ofTenant.filter((permission) => permission !== 'tenant.write'),
  editor: [
    ...readOnly.filter((permission) => permission !== 'audit.read'),
    'tokens.write',
    'config.write',
    'config.publish',
    'policies.write',
    'portal.write',
    'portal.approve',
  ],
  viewer: [
    ...readOnly.filter((permission) => permission !== 'audit.read' && permission !== 'billing.read'),
    'tokens.write',
  ],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof rolePermissions;

/** Permissions of the SaaS's own staff. */
export const operatorPermissions: readonly Permission[] = all.filter((permission) =>
  permission.startsWith('operator.'),
);
