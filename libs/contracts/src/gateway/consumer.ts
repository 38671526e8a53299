import { z } from 'zod';
import { descriptiveFields, pluginsSchema, resourceIdSchema } from './common.ts';

/**
 * Who calls: APISIX's consumer; the resource's id is `username`.
 * A portal subscription is a consumer of the same id, with its plan version's consumer group as `group_id`.
 */
export const consumerSchema = z.looseObject({
  ...descriptiveFields,
  username: resourceIdSchema,
  group_id: resourceIdSchema.optional(),
  plugins: pluginsSchema.optional(),
});
export type Consumer = z.infer<typeof consumerSchema>;

/** Policies that several consumers share. A plan version is one, carrying the plan's limits. */
export const consumerGroupSchema = z.looseObject({ ...descriptiveFields, plugins: pluginsSchema });
export type ConsumerGroup = z.infer<typeof consumerGroupSchema>;

/**
 * One way for a consumer to prove who it is: exactly one authentication policy with its consumer-side options, e.g.
 * `{"key-auth": {"key_sha256": "<64 hex>"}}`. The resource's id is {@link credentialResourceId}, as in APISIX's etcd layout.
 */
export const credentialSchema = z.looseObject({
  ...descriptiveFields,
  plugins: pluginsSchema.refine((plugins) => Object.keys(plugins).length === 1, 'must hold exactly one policy'),
});
export type Credential = z.infer<typeof credentialSchema>;

/** The resource id of a credential: `<consumer>/credentials/<credential>`. */
export function credentialResourceId(consumerId: string, credentialId: string): string {
  return `${consumerId}/credentials/${credentialId}`;
}

/** Both parts of a credential's resource id, or null for an id of another form. */
export function parseCredentialResourceId(id: string): { consumerId: string; credentialId: string } | null {
  const [consumerId, separator, credentialId, ...rest] = id.split('/');
  if (!consumerId || separator !== 'credentials' || !credentialId || rest.length > 0) return null;
  return { consumerId, credentialId };
}
