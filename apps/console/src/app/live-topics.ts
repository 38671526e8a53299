import type { components } from '@tollgate/client';

/** Something that the server says has changed. */
export type LiveChange = components['schemas']['LiveChange'];

/** First parts of the query keys that each topic makes stale; they are the plural nouns of the API's paths. */
export const staleKeys: Readonly<Record<LiveChange['topic'], readonly string[]>> = {
  tenant: ['tenant'],
  members: ['members', 'invitations'],
  projects: ['projects', 'environments'],
  'service-accounts': ['service-accounts'],
  audit: ['audit-entries'],
  'gateway.group': ['gateway-groups'],
  'gateway.pool': ['pools', 'enrolment-tokens'],
  'gateway.data-plane': ['data-planes'],
  'gateway.revision': ['gateway-groups', 'revisions', 'changes', 'diff', 'data-planes'],
  'gateway.acknowledgement': ['data-planes'],
  'gateway.config': [
    'routes',
    'services',
    'upstreams',
    'stream-routes',
    'consumers',
    'consumer-groups',
    'global-policies',
    'workspaces',
    'changes',
    'diff',
  ],
  'policy.template': ['policy-templates'],
  'portal.site': ['portal-sites'],
  'portal.product': ['api-products'],
  'portal.plan': ['plans'],
  'portal.developer': ['developers', 'approvals'],
  'portal.application': ['applications'],
  'portal.subscription': ['subscriptions', 'approvals'],
  'portal.credential': ['credentials'],
  'portal.approval': ['approvals'],
  'portal.quota': ['quotas'],
  'billing.price': ['prices', 'billing'],
};
