/** The control plane's services, by the name that appears in topics, tokens, roles and addresses. */
export const serviceNames = [
  'iam',
  'gateway-manager',
  'policy-manager',
  'developer-portal',
  'analytics',
  'console-bff',
] as const;

export type ServiceName = (typeof serviceNames)[number];

/** The PostgreSQL schema of every service that owns data. */
export const serviceSchemas = {
  iam: 'iam',
  'gateway-manager': 'gateway',
  'policy-manager': 'policy',
  'developer-portal': 'portal',
  analytics: 'analytics',
} as const satisfies Partial<Record<ServiceName, string>>;

/** A service with a database schema of its own. */
export type OwningService = keyof typeof serviceSchemas;

/** The port a service listens on inside a distributed installation. */
export const servicePorts: Record<ServiceName, number> = {
  iam: 7101,
  'gateway-manager': 7102,
  'policy-manager': 7103,
  'developer-portal': 7104,
  analytics: 7105,
  'console-bff': 7106,
};

/**
 * Which service answers `/api/v1/<segment>/…`. The edge routes by this table; a service serves no other segment.
 */
export const apiSegments = {
  auth: 'iam',
  me: 'iam',
  tenant: 'iam',
  operator: 'iam',
  projects: 'iam',
  environments: 'iam',
  members: 'iam',
  invitations: 'iam',
  tokens: 'iam',
  'service-accounts': 'iam',
  'audit-entries': 'iam',
  pools: 'gateway-manager',
  'gateway-groups': 'gateway-manager',
  'policy-template-publishes': 'gateway-manager',
  'data-planes': 'gateway-manager',
  'shared-pools': 'gateway-manager',
  'policy-types': 'policy-manager',
  'policy-templates': 'policy-manager',
  'portal-sites': 'developer-portal',
  'api-products': 'developer-portal',
  plans: 'developer-portal',
  developers: 'developer-portal',
  applications: 'developer-portal',
  subscriptions: 'developer-portal',
  approvals: 'developer-portal',
  portal: 'developer-portal',
  'portal-mails': 'developer-portal',
  reports: 'analytics',
  prices: 'analytics',
  billing: 'analytics',
  live: 'console-bff',
} as const satisfies Record<string, ServiceName>;

export type ApiSegment = keyof typeof apiSegments;
