import { z } from 'zod';
import { resourceIdSchema } from './common.ts';

/**
 * Access state is what must be live without a publish. It consists of the APISIX kinds `consumer`, `consumer_group`,
 * `credential` and `ssl`, and of the four kinds below, which are ours. It is never rolled back.
 *
 * | portal object | resources |
 * | --- | --- |
 * | plan version | `consumer_group` whose id is the plan version's (`plv_…`), with the plan's limits as plugins |
 * | subscription | `consumer` whose id and `username` are the subscription's (`sub_…`), with `group_id` and {@link accountingLabels} |
 * | credential | `credential` `sub_…/credentials/crd_…` with `key-auth.key_sha256` and, when it ends, `key-auth.expires_at` |
 * | product | `product_binding`: its routes and the consumer groups of its plans |
 * | revoked credential | the `credential` is deleted and a `revocation` of its hash stays |
 * | pending or suspended subscription | `suspension` of the consumer |
 * | suspended tenant, spending stop | `suspension` of the whole group |
 * | subscription whose plan has a quota | `quota_lease` with the subscription's id |
 */
export const accountingLabels = ['subscription', 'application', 'product', 'plan', 'developer'] as const;
export type AccountingLabel = (typeof accountingLabels)[number];

/** Lower-case hexadecimal SHA-256 of a key's UTF-8 text: the only form in which generated keys travel. */
export const keySha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a lower-case hexadecimal SHA-256');

/**
 * An implicit `consumer-restriction`: on the routes named, directly or through their service, only consumers of the listed
 * groups pass (403 otherwise). A route that several products name lets the groups of all of them pass. Routes that are not
 * there (yet) are no error.
 */
export const productBindingSchema = z.looseObject({
  productId: z.string().min(1),
  routeIds: z.array(resourceIdSchema).default([]),
  serviceIds: z.array(resourceIdSchema).default([]),
  consumerGroupIds: z.array(resourceIdSchema).default([]),
  /** True when a plan of the product asks for no key: then calls without a consumer pass too. */
  keyless: z.boolean().default(false),
});
export type ProductBinding = z.infer<typeof productBindingSchema>;

/** What a revocation or a suspension is about. */
export const accessSubjectSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('key'), keySha256: keySha256Schema }),
  z.object({ type: z.literal('credential'), credentialId: z.string().min(1) }),
  z.object({ type: z.literal('consumer'), consumerId: resourceIdSchema }),
  z.object({ type: z.literal('group') }),
]);
export type AccessSubject = z.infer<typeof accessSubjectSchema>;

/**
 * Refuses a credential for good (401), whatever revision or access state still names it. `credential` takes the id's last
 * part (`crd_…`) or the whole resource id.
 */
export const revocationSchema = z.looseObject({
  subject: accessSubjectSchema.refine((subject) => subject.type === 'key' || subject.type === 'credential', {
    message: 'a revocation is of a key or a credential',
  }),
  reason: z.string().max(256).optional(),
  revokedAt: z.iso.datetime().optional(),
});
export type Revocation = z.infer<typeof revocationSchema>;

/** Why calls are refused for the time being; each has an error code of its own. */
export const suspensionReasons = ['pending', 'suspended', 'expired', 'spending-stop', 'quota', 'tenant'] as const;

/** Refuses a consumer, or all calls of the group, for as long as the resource exists (403; `quota` 429). */
export const suspensionSchema = z.looseObject({
  subject: accessSubjectSchema.refine((subject) => subject.type === 'consumer' || subject.type === 'group', {
    message: 'a suspension is of a consumer or the group',
  }),
  reason: z.enum(suspensionReasons).default('suspended'),
  since: z.iso.datetime().optional(),
});
export type Suspension = z.infer<typeof suspensionSchema>;

/** Up to which batch of a data-plane process all calls are among those that a {@link quotaLeaseSchema} calls used. */
export const usageWatermarkSchema = z.object({
  instanceId: z.string().min(1),
  epoch: z.string().min(1),
  sequence: z.number().int().nonnegative(),
});
export type UsageWatermark = z.infer<typeof usageWatermarkSchema>;

/** Data planes that a lease tells their watermarks, the latest ones that counted calls of the subscription. */
export const maxUsageWatermarks = 256;

const callCount = z.number().int().nonnegative();

/**
 * How many billable calls of a consumer each data plane may have answered beyond its watermark (docs/adr/0011-quota-leases.md). The id is
 * the consumer's. Over it, and at 0, calls are refused with 429.
 */
export const quotaLeaseSchema = z.looseObject({
  /** Calls of the whole period, and how many of them had been counted when the lease was written. */
  limit: callCount,
  used: callCount,
  lease: callCount,
  /** The lease that each data plane takes by itself when the period ends. */
  nextLease: callCount,
  /** End of the period, not part of it; absent while the period is not known: then it has no end. */
  periodEnd: z.iso.datetime().optional(),
  /** A data plane that is not named is at 0 of its present process. */
  watermarks: z.array(usageWatermarkSchema).max(maxUsageWatermarks).default([]),
});
export type QuotaLease = z.infer<typeof quotaLeaseSchema>;
