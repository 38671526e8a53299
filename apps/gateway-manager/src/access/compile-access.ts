import { credentialResourceId, type ResourceKey } from '@tollgate/contracts/gateway';
import { compileQuotaLease, type QuotaMeter } from './quota-lease.ts';
import type { PortalCredential, PortalPlanVersion, PortalProduct, PortalSubscription } from './portal-objects.ts';

/** What one resource of a group's access state shall be; null: it shall not be there. */
export interface AccessTarget extends ResourceKey {
  value: Record<string, unknown> | null;
}

/** Access state by gateway group. */
export type AccessTargets = Map<string, AccessTarget[]>;

/** Marks what people cannot edit. */
const managedBy = { managedBy: 'portal' } as const;

/** A plan version in a group: the consumer group that carries its limit. */
export function compilePlanVersion(plan: PortalPlanVersion): AccessTarget {
  const { limit } = plan;
  const limitCount = limit && {
    count: limit.calls,
    time_window: limit.windowSeconds,
    key_type: 'var',
    key: 'consumer_name',
    rejected_code: 429,
    policy: 'local',
  };
  return {
    kind: 'consumer_group',
    id: plan.id,
    value: {
      name: plan.name,
      labels: { ...managedBy, plan: plan.planId, planVersion: String(plan.number) },
      plugins: limitCount ? { 'limit-count': limitCount } : {},
    },
  };
}

/** A product in each of its groups, and its absence where it was before: only its plans pass on its routes. */
export function compileProduct(
  product: PortalProduct,
  plans: readonly PortalPlanVersion[],
  formerGroupIds: readonly string[],
): AccessTargets {
  const targets: AccessTargets = new Map();
  const consumerGroupIds = [...new Set([...product.planVersionIds, ...plans.map(({ id }) => id)])].sort();
  for (const groupId of formerGroupIds)
    targets.set(groupId, [{ kind: 'product_binding', id: product.id, value: null }]);
  for (const { groupId, routeIds } of product.bindings) {
    const value = { ...managedBy, productId: product.id, routeIds, consumerGroupIds, keyless: product.keyless };
    targets.set(groupId, [...plans.map(compilePlanVersion), { kind: 'product_binding', id: product.id, value }]);
  }
  return targets;
}

/** What a subscription consists of. */
export interface SubscriptionParts {
  subscription: PortalSubscription;
  /** Null while it is not known: then no plan's limit holds, and no product lets the consumer through. */
  plan: PortalPlanVersion | null;
  credentials: readonly PortalCredential[];
  /** Null unless the plan has a quota. */
  meter: QuotaMeter | null;
  /** Groups that the subscription was in before. */
  formerGroupIds: readonly string[];
}

/** A subscription in each of its groups: consumer, keys, and what refuses it. */
export function compileSubscription({
  subscription,
  plan,
  credentials,
  meter,
  formerGroupIds,
}: SubscriptionParts): AccessTargets {
  const present = subscription.state === 'cancelled' ? [] : subscription.groupIds;
  const groupIds = new Set([
    ...formerGroupIds,
    ...subscription.groupIds,
    ...credentials.flatMap((key) => key.groupIds),
  ]);
  const targets: AccessTargets = new Map();
  for (const groupId of groupIds) {
    const isPresent = present.includes(groupId);
    targets.set(groupId, [
      ...(isPresent && plan ? [compilePlanVersion(plan)] : []),
      { kind: 'consumer', id: subscription.id, value: isPresent ? consumerOf(subscription, plan) : null },
      ...credentials.flatMap((credential) =>
        compileCredential(credential, isPresent && credential.groupIds.includes(groupId)),
      ),
      { kind: 'suspension', id: subscription.id, value: isPresent ? suspensionOf(subscription) : null },
      compileQuota(subscription, isPresent ? plan : null, meter),
    ]);
  }
  return targets;
}

/** The lease of a subscription in each of its groups. */
export function compileQuotas({
  subscription,
  plan,
  meter,
}: Omit<SubscriptionParts, 'credentials' | 'formerGroupIds'>): AccessTargets {
  const groupIds = subscription.state === 'cancelled' ? [] : subscription.groupIds;
  return new Map(groupIds.map((groupId) => [groupId, [compileQuota(subscription, plan, meter)]]));
}

/** The end of a key whose subscription is not known. */
export function compileLoneRevocation(credential: PortalCredential): AccessTargets {
  return new Map(credential.groupIds.map((groupId) => [groupId, compileCredential(credential, false)]));
}

/** All calls of a group, refused while its tenant is suspended. */
export function compileTenantSuspension(isSuspended: boolean): AccessTarget {
  const value = { managedBy: 'operator', subject: { type: 'group' }, reason: 'tenant' };
  return { kind: 'suspension', id: 'tenant', value: isSuspended ? value : null };
}

function compileQuota(
  { id }: PortalSubscription,
  plan: PortalPlanVersion | null,
  meter: QuotaMeter | null,
): AccessTarget {
  const quota = plan?.quota ?? null;
  const value = quota === null || meter === null ? null : { ...managedBy, ...compileQuotaLease(quota, meter) };
  return { kind: 'quota_lease', id, value };
}

function consumerOf(subscription: PortalSubscription, plan: PortalPlanVersion | null): Record<string, unknown> {
  const { id, applicationId, productId, planVersionId, developerId } = subscription;
  return {
    username: id,
    ...(plan ? { group_id: plan.id } : {}),
    labels: {
      ...managedBy,
      subscription: id,
      application: applicationId,
      product: productId,
      plan: planVersionId,
      developer: developerId,
    },
  };
}

function suspensionOf({ id, state }: PortalSubscription): Record<string, unknown> | null {
  if (state !== 'pending' && state !== 'suspended') return null;
  return { ...managedBy, subject: { type: 'consumer', consumerId: id }, reason: state };
}

function compileCredential(credential: PortalCredential, isPresent: boolean): AccessTarget[] {
  const { id, subscriptionId, keySha256, expiresAt, revokedAt, kind } = credential;
  const keyAuth = { key_sha256: keySha256, ...(expiresAt === null ? {} : { expires_at: expiresAt }) };
  const isUsable = isPresent && revokedAt === null && keySha256 !== null;
  const subject = keySha256 === null ? { type: 'credential', credentialId: id } : { type: 'key', keySha256 };
  return [
    {
      kind: 'credential',
      id: credentialResourceId(subscriptionId, id),
      value: isUsable
        ? { labels: kind === 'try' ? { ...managedBy, kind } : managedBy, plugins: { 'key-auth': keyAuth } }
        : null,
    },
    {
      kind: 'revocation',
      id,
      // One for trying has an end of its own, and so many come that their revocations must not stay.
      value: revokedAt === null || kind === 'try' ? null : { ...managedBy, subject, reason: 'revoked', revokedAt },
    },
  ];
}
