import type { LiveChange, LiveTopic } from '@tollgate/contracts/rest/console';
import type { AuditEntry } from '@tollgate/contracts/events';

/** What is shown of each kind of object that audit entries name in their action, `<noun>.<verb>`; those of `iam` begin with its name. */
const topicsByNoun: Readonly<Record<string, readonly LiveTopic[]>> = {
  tenant: ['tenant'],
  member: ['members'],
  invitation: ['members'],
  project: ['projects'],
  environment: ['projects'],
  'service-account': ['service-accounts'],
  'service-account-token': ['service-accounts'],
  'gateway-group': ['gateway.group'],
  'enrolment-token': ['gateway.pool'],
  'data-plane': ['gateway.data-plane'],
  workspace: ['gateway.config'],
  import: ['gateway.config'],
  upstream: ['gateway.config'],
  service: ['gateway.config'],
  route: ['gateway.config'],
  'stream-route': ['gateway.config'],
  'global-policie': ['gateway.config'],
  'consumer-group': ['gateway.config'],
  consumer: ['gateway.config'],
  'policy-template': ['policy.template'],
  'portal-site': ['portal.site'],
  'api-product': ['portal.product'],
  plan: ['portal.plan'],
  developer: ['portal.developer', 'portal.approval'],
  application: ['portal.application'],
  subscription: ['portal.subscription', 'portal.approval'],
  credential: ['portal.credential'],
  price: ['billing.price'],
};

/** Nobody but their owner, or the operator, is shown these. */
export const unwatchedNouns: ReadonlySet<string> = new Set([
  'session',
  // A request that was tried.
  'request',
  'token',
  'user',
  'shared-pool',
  'shared-data-plane',
  'shared-enrolment-token',
]);

/** Whether objects of this kind, as audit entries name it, are shown under some topic. */
export const isWatched = (noun: string): boolean => Object.hasOwn(topicsByNoun, noun);

/** What an audit entry says has changed: the log itself, and the object. Ids of resources in a draft are only unique within their group, so they are left out. */
export function changesOfAudit({ action, object }: AuditEntry): LiveChange[] {
  const noun = action.replace(/^iam\./u, '').split('.', 1)[0] ?? '';
  const topics = isWatched(noun) ? (topicsByNoun[noun] ?? []) : [];
  const named = object.kind === noun ? { id: object.id } : {};
  return [
    { topic: 'audit' },
    ...topics.map((topic): LiveChange => (topic === 'gateway.config' ? { topic } : { topic, ...named })),
  ];
}
