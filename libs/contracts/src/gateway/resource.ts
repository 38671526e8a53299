import { z } from 'zod';
import { productBindingSchema, quotaLeaseSchema, revocationSchema, suspensionSchema } from './access-state.ts';
import { isResourceId } from './common.ts';
import { consumerGroupSchema, consumerSchema, credentialSchema } from './consumer.ts';
import { gatewayGroupSettingsSchema } from './group-settings.ts';
import { globalRuleSchema, pluginConfigSchema, pluginMetadataSchema } from './policies.ts';
import { routeSchema } from './route.ts';
import { serviceSchema } from './service.ts';
import { streamRouteSchema } from './stream-route.ts';
import { sslSchema } from './ssl.ts';
import { upstreamSchema } from './upstream.ts';

/** Everything that can go down the link, by kind; APISIX's kinds carry APISIX's names. */
export const resourceSchemas = {
  group_settings: gatewayGroupSettingsSchema,
  ssl: sslSchema,
  plugin_metadata: pluginMetadataSchema,
  upstream: upstreamSchema,
  plugin_config: pluginConfigSchema,
  service: serviceSchema,
  route: routeSchema,
  stream_route: streamRouteSchema,
  global_rule: globalRuleSchema,
  consumer_group: consumerGroupSchema,
  consumer: consumerSchema,
  credential: credentialSchema,
  product_binding: productBindingSchema,
  revocation: revocationSchema,
  suspension: suspensionSchema,
  quota_lease: quotaLeaseSchema,
} as const;

export type ResourceKind = keyof typeof resourceSchemas;
/** The checked value of each kind, defaults filled in. */
export type ResourceValues = { [K in ResourceKind]: z.infer<(typeof resourceSchemas)[K]> };

/** All kinds in dependency order: what a kind refers to stands before it. Delete in the reverse order. */
export const resourceKinds = Object.keys(resourceSchemas) as ResourceKind[];

/** Kinds whose resources are part of a revision. */
export const revisionKinds = [
  'group_settings',
  'ssl',
  'plugin_metadata',
  'upstream',
  'plugin_config',
  'service',
  'route',
  'stream_route',
  'global_rule',
  'consumer_group',
  'consumer',
  'credential',
] as const satisfies readonly ResourceKind[];

/** Kinds whose resources can be part of the access state. */
export const accessKinds = [
  'ssl',
  'consumer_group',
  'consumer',
  'credential',
  'product_binding',
  'revocation',
  'suspension',
  'quota_lease',
] as const satisfies readonly ResourceKind[];

/** The two independent histories of a group; where both name the same (kind, id), access state wins. */
export const sequences = ['revision', 'access'] as const;
export type Sequence = (typeof sequences)[number];

/** The kinds that a sequence may carry. */
export const sequenceKinds: Record<Sequence, readonly ResourceKind[]> = {
  revision: revisionKinds,
  access: accessKinds,
};

/** Names one resource within a group. */
export const resourceKeySchema = z.object({
  kind: z.enum(resourceKinds),
  id: z.string().min(1).max(200),
});
export type ResourceKey = z.infer<typeof resourceKeySchema>;

/** One resource as it travels: the value as it was written; it is checked by {@link parseResource}. */
export const gatewayResourceSchema = resourceKeySchema.extend({ value: z.record(z.string(), z.unknown()) });
export type GatewayResource = z.infer<typeof gatewayResourceSchema>;

/** A resource whose value has been checked and completed with defaults. */
export type ParsedResource = { [K in ResourceKind]: { kind: K; id: string; value: ResourceValues[K] } }[ResourceKind];

/** One fault of a resource; `pointer` is a JSON pointer into its value. */
export interface ResourceFault {
  readonly pointer: string;
  readonly message: string;
}

/** Checks a resource's id and value against its kind. */
export function parseResource(
  resource: GatewayResource,
): { ok: true; resource: ParsedResource } | { ok: false; faults: ResourceFault[] } {
  const idFault = findIdFault(resource);
  if (idFault !== null) return { ok: false, faults: [idFault] };
  const parsed = resourceSchemas[resource.kind].safeParse(resource.value);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({ pointer: jsonPointer(issue.path), message: issue.message }));
    return { ok: false, faults };
  }
  return { ok: true, resource: { kind: resource.kind, id: resource.id, value: parsed.data } as ParsedResource };
}

function findIdFault({ kind, id, value }: GatewayResource): ResourceFault | null {
  const parts = kind === 'credential' ? id.split('/credentials/') : [id];
  const isWellFormed = parts.length === (kind === 'credential' ? 2 : 1) && parts.every(isResourceId);
  if (!isWellFormed) return { pointer: '', message: `"${id}" is not an id of a ${kind}` };
  if (kind === 'consumer' && value['username'] !== id) return { pointer: '/username', message: 'must equal the id' };
  return null;
}

/** RFC 6901 form of a path of keys and indexes. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
