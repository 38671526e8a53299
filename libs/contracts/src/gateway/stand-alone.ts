import { z } from 'zod';
import { resourceIdSchema } from './common.ts';
import { credentialResourceId } from './consumer.ts';
import { gatewayGroupSettingsSchema, groupSettingsId } from './group-settings.ts';
import type { GatewayResource, ResourceKind, Sequence } from './resource.ts';

const entrySchema = z.looseObject({ id: resourceIdSchema });
const entries = z.array(entrySchema).default([]);
const consumerEntrySchema = z.looseObject({ username: resourceIdSchema, credentials: entries });

/** One gateway group of a stand-alone file: its settings, and lists of resources that carry their `id` themselves. */
export const standAloneGroupSchema = z.strictObject({
  id: resourceIdSchema,
  settings: gatewayGroupSettingsSchema.partial({ tenantId: true }),
  upstreams: entries,
  services: entries,
  routes: entries,
  stream_routes: entries,
  plugin_configs: entries,
  plugin_metadata: entries,
  global_rules: entries,
  consumer_groups: entries,
  consumers: z.array(consumerEntrySchema).default([]),
  ssls: entries,
  product_bindings: entries,
  revocations: entries,
  suspensions: entries,
});

/** `gateway.yaml`: everything a gateway without a control plane serves. */
export const standAloneFileSchema = z.strictObject({ groups: z.array(standAloneGroupSchema).min(1) });
export type StandAloneFile = z.infer<typeof standAloneFileSchema>;
/** The file as people write it, lists that are empty left out. */
export type StandAloneFileInput = z.input<typeof standAloneFileSchema>;
type StandAloneGroup = z.infer<typeof standAloneGroupSchema>;

/** The tenant under which a stand-alone group counts its calls when the file names none. */
export const standAloneTenantId = 'local';

const revisionLists = {
  upstreams: 'upstream',
  services: 'service',
  routes: 'route',
  stream_routes: 'stream_route',
  plugin_configs: 'plugin_config',
  plugin_metadata: 'plugin_metadata',
  global_rules: 'global_rule',
  consumer_groups: 'consumer_group',
  ssls: 'ssl',
} as const satisfies Partial<Record<keyof StandAloneGroup, ResourceKind>>;

const accessLists = {
  product_bindings: 'product_binding',
  revocations: 'revocation',
  suspensions: 'suspension',
} as const satisfies Partial<Record<keyof StandAloneGroup, ResourceKind>>;

type ListedKinds = typeof revisionLists | typeof accessLists;

/** The resources of one group of a stand-alone file, by the sequence they belong to. */
export function standAloneResources(group: StandAloneGroup): Record<Sequence, GatewayResource[]> {
  const settings = { tenantId: standAloneTenantId, ...group.settings };
  return {
    revision: [
      { kind: 'group_settings', id: groupSettingsId, value: settings },
      ...listed(group, revisionLists),
      ...consumers(group),
    ],
    access: listed(group, accessLists),
  };
}

function listed(group: StandAloneGroup, lists: ListedKinds): GatewayResource[] {
  return Object.entries(lists).flatMap(([list, kind]) =>
    group[list as keyof typeof revisionLists].map(({ id, ...value }) => ({ kind, id, value })),
  );
}

function consumers(group: StandAloneGroup): GatewayResource[] {
  return group.consumers.flatMap(({ credentials, ...consumer }): GatewayResource[] => [
    { kind: 'consumer', id: consumer.username, value: consumer },
    ...credentials.map(({ id, ...value }) => ({
      kind: 'credential' as const,
      id: credentialResourceId(consumer.username, id),
      value,
    })),
  ]);
}
