import type { LiveChange, LiveTopic } from '@tollgate/contracts/rest/console';
import {
  auditEntryRecorded,
  credentialIssued,
  credentialRevoked,
  dataPlaneStatusChanged,
  developerApproved,
  developerErased,
  developerRegistered,
  environmentCreated,
  environmentDeleted,
  environmentRenamed,
  type EventDefinition,
  type EventEnvelope,
  gatewayGroupAddressesChanged,
  gatewayGroupCreated,
  gatewayGroupDeleted,
  planVersionPublished,
  policyTemplateVersionPublished,
  priceSet,
  productDeleted,
  productPublished,
  productUnpublished,
  quotaMetered,
  revisionPublished,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
  tenantResumed,
  tenantSuspended,
  tenantUpdated,
} from '@tollgate/contracts/events';
import { changesOfAudit } from './audited-objects.ts';

/** An event that people who look at something hear of. */
interface HeardEvent {
  readonly definition: EventDefinition;
  readonly changesOf: (envelope: EventEnvelope) => readonly LiveChange[];
}

function hear<T>(definition: EventDefinition<T>, changesOf: (data: T, subject: string) => LiveChange[]): HeardEvent {
  return {
    definition,
    changesOf: ({ data, subject }) => {
      const parsed = definition.schema.safeParse(data);
      return parsed.success ? changesOf(parsed.data, subject) : [];
    },
  };
}

/** Events whose subject is what changed, under one or more topics. */
const hearSubject = (topics: readonly LiveTopic[], ...definitions: readonly EventDefinition[]): HeardEvent[] =>
  definitions.map((definition) => ({
    definition,
    changesOf: ({ subject }) => topics.map((topic) => ({ topic, id: subject })),
  }));

/** All events that are heard. Most changes are heard as audit entries as well, some only so. */
export const heardEvents: readonly HeardEvent[] = [
  hear(auditEntryRecorded, changesOfAudit),
  hear(dataPlaneStatusChanged, ({ dataPlaneId: id, poolId }) => [{ topic: 'gateway.data-plane', id, poolId }]),
  hear(revisionPublished, ({ groupId, revision }) => [
    { topic: 'gateway.revision', id: String(revision), groupId },
    { topic: 'gateway.config', groupId },
  ]),
  hear(gatewayGroupCreated, ({ groupId }) => [{ topic: 'gateway.group', id: groupId, groupId }]),
  hear(gatewayGroupAddressesChanged, ({ groupId }) => [{ topic: 'gateway.group', id: groupId, groupId }]),
  hear(gatewayGroupDeleted, ({ groupId }) => [{ topic: 'gateway.group', id: groupId, groupId }]),
  hear(credentialIssued, () => [{ topic: 'portal.credential' }]),
  hear(credentialRevoked, () => [{ topic: 'portal.credential' }]),
  ...hearSubject(['tenant'], tenantUpdated, tenantSuspended, tenantResumed),
  ...hearSubject(['projects'], environmentCreated, environmentRenamed, environmentDeleted),
  ...hearSubject(['policy.template'], policyTemplateVersionPublished),
  ...hearSubject(['portal.product'], productPublished, productUnpublished, productDeleted),
  ...hearSubject(['portal.plan'], planVersionPublished),
  ...hearSubject(
    ['portal.subscription', 'portal.approval'],
    subscriptionRequested,
    subscriptionApproved,
    subscriptionSuspended,
    subscriptionCancelled,
  ),
  ...hearSubject(['portal.developer', 'portal.approval'], developerRegistered, developerApproved, developerErased),
  ...hearSubject(['portal.quota'], quotaMetered),
  ...hearSubject(['billing.price'], priceSet),
];

const byType = new Map(heardEvents.map(({ definition, changesOf }) => [definition.type, changesOf]));

/** The topics of the bus that hold them. */
export const heardTopics: readonly string[] = [...new Set(heardEvents.map(({ definition }) => definition.topic))];

/** What an event says has changed; nothing for one that nobody hears. */
export function changesOf(envelope: EventEnvelope): readonly LiveChange[] {
  return byType.get(envelope.type)?.(envelope) ?? [];
}
