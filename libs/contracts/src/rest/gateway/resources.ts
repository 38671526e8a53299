import { z } from 'zod';
import {
  consumerGroupSchema,
  consumerSchema,
  globalRuleSchema,
  routeMethods,
  routeSchema,
  serviceSchema,
  upstreamSchema,
} from '../../gateway/index.ts';
import { commonErrors, type ErrorDefinition } from '../../errors/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { timestamp, version } from '../fields.ts';
import { counted, countedPageOf, flag, pageQuery, pickedIds, searchText, sorted } from '../page.ts';
import { gatewayErrors } from './gateway.errors.ts';
import { groupParams } from './groups.ts';
import { refuseUnservedInline, refuseUnservedUpstream } from './served-upstreams.ts';
import { refuseStreamUpstream, servedStreamRouteSchema } from './stream-routes.ts';

/** Kinds of gateway resources that people draft through the API. */
export const draftKinds = [
  'upstream',
  'service',
  'route',
  'stream_route',
  'global_rule',
  'consumer_group',
  'consumer',
] as const;
export type DraftKind = (typeof draftKinds)[number];

/** Kinds that take their policies from a template. */
export const templatedKinds = ['service', 'route'] as const satisfies readonly DraftKind[];

/** Id of a gateway resource, chosen by the caller or generated. */
export const gatewayResourceId = z
  .string()
  .regex(/^[a-zA-Z0-9\-_.]{1,64}$/, '1-64 characters of letters, digits, "-", "_" or "."')
  .meta({ description: 'Id of the resource; unique per kind in the gateway group.', examples: ['orders-api'] });

/** Which policies a route or service takes. `latest` is resolved at publish. */
export const policyTemplateReference = z
  .strictObject({
    id: idSchema('ptp'),
    version: z.union([z.literal('latest'), z.number().int().positive().max(999_999)]),
  })
  .meta({ id: 'PolicyTemplateReference' });
export type PolicyTemplateReference = z.output<typeof policyTemplateReference>;

/** What a route or service may not carry itself. */
const directPolicyFields = ['plugins', 'plugin_config_id', 'script', 'filter_func'] as const;

function refuseDirectPolicies(value: Record<string, unknown>, context: z.RefinementCtx): void {
  for (const field of directPolicyFields) {
    if (value[field] === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: [field],
      message: 'Refer to a policy template by `policyTemplate` instead.',
    });
  }
}

/** The accepted value of each kind: Apache APISIX's object, defaults filled in, unknown fields kept. */
export const draftValueSchemas = {
  upstream: upstreamSchema.superRefine(refuseUnservedUpstream),
  service: serviceSchema
    .superRefine(refuseDirectPolicies)
    .superRefine(refuseStreamUpstream)
    .superRefine(refuseUnservedInline),
  route: routeSchema
    .superRefine(refuseDirectPolicies)
    .superRefine(refuseStreamUpstream)
    .superRefine(refuseUnservedInline),
  stream_route: servedStreamRouteSchema,
  global_rule: globalRuleSchema,
  consumer_group: consumerGroupSchema,
  consumer: consumerSchema,
} as const satisfies Record<DraftKind, z.ZodType>;

const warning = z.object({ pointer: z.string(), message: z.string() });

export const draftResource = z
  .object({
    id: gatewayResourceId,
    kind: z.enum(draftKinds),
    workspaceId: idSchema('wsp').nullable().meta({ description: 'Null for the global part of the group.' }),
    value: z.record(z.string(), z.unknown()).meta({ description: 'The object in Apache APISIX’s shape.' }),
    policyTemplate: policyTemplateReference.nullable(),
    isPublished: z.boolean().meta({ description: 'True when exactly this is part of the revision in force.' }),
    isInForce: z
      .boolean()
      .meta({ description: 'True when this, or an older state of it, is part of the revision in force.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
    usedBy: z.partialRecord(z.enum(draftKinds), z.number().int().positive()).optional().meta({
      description:
        'How many resources of the draft refer to it, by kind. Present when an upstream, service or consumer group is read.',
    }),
    warnings: z
      .array(warning)
      .optional()
      .meta({ description: 'Fields that no gateway knows; kept as they are. Present after a write only.' }),
  })
  .meta({ id: 'DraftResource', description: 'A gateway resource as it will be when it is published.' });
export type DraftResource = z.output<typeof draftResource>;

const common = { service: 'gateway-manager', tag: 'Gateway resources' } as const;
const resourceParams = groupParams.extend({ resourceId: gatewayResourceId });
const inWorkspace = {
  workspaceId: idSchema('wsp').optional().meta({ description: 'Default: the workspace `default`.' }),
};
const resourceFilters = {
  ...counted,
  ...sorted,
  workspaceId: idSchema('wsp').optional(),
  search: searchText('the id, the name, the description, a path, a host or a server'),
  ids: pickedIds(gatewayResourceId),
  isPublished: flag('Only those that are, or are not, part of the revision in force exactly as they are here.'),
};
const referenceTo = (what: string) =>
  gatewayResourceId.optional().meta({ description: `Only those that refer to this ${what}.` });
const targetFilters = { serviceId: referenceTo('service'), upstreamId: referenceTo('upstream') };
const templateFilter = {
  policyTemplateId: idSchema('ptp')
    .optional()
    .meta({ description: 'Only those that take their policies from this template.' }),
};
const routeFilters = {
  ...targetFilters,
  ...templateFilter,
  method: z
    .enum(routeMethods)
    .optional()
    .meta({ description: 'Only routes that take this method; without methods of its own a route takes all.' }),
  isEnabled: flag('Only routes that serve calls, or only those that are disabled.'),
};

const withTemplate = { policyTemplate: policyTemplateReference.nullable().default(null) };

interface KindNames {
  /** Path segment. */
  segment: string;
  /** In operation ids, e.g. `createRoute`, `listRoutes`. */
  one: string;
  many: string;
  /** In summaries. */
  words: string;
  /** What a write does or refuses beyond what every kind's does. */
  onWrite?: { description?: string; errors: readonly ErrorDefinition[] };
  /** When a delete is refused. */
  onDelete?: string;
  /** What a forced delete does to those who refer to the resource; left out where it is never forced. */
  onForce?: string;
}

/** The five endpoints of one kind; all kinds have the same set. */
function resourceEndpoints<B extends z.ZodObject, F extends z.core.$ZodLooseShape>(
  names: KindNames,
  body: B,
  filters: F,
) {
  const { one, many, words, onWrite } = names;
  const collection = `/api/v1/gateway-groups/{groupId}/${names.segment}` as const;
  const item = `${collection}/{resourceId}` as const;
  const writing = {
    access: { kind: 'permission', permission: 'config.write' },
    ...(onWrite?.description === undefined ? {} : { description: onWrite.description }),
    errors: [gatewayErrors.resourceIdTaken, ...(onWrite?.errors ?? [])],
    inLanguages: ['/warnings/*/message'],
  } as const;
  const deletion = {
    ...common,
    operationId: `delete${one}`,
    method: 'DELETE',
    path: item,
    kind: 'delete',
    summary: `Remove a ${words} from the draft`,
    // Where nobody can be in the way there is nothing to look at before.
    ...(names.onDelete === undefined ? {} : { description: names.onDelete, dryRun: true }),
    access: { kind: 'permission', permission: 'config.write' },
    params: resourceParams,
    errors: [commonErrors.inUse],
    audit: `${names.segment.slice(0, -1)}.delete`,
  } as const;
  return {
    list: defineEndpoint({
      ...common,
      operationId: `list${many}`,
      method: 'GET',
      path: collection,
      kind: 'list',
      summary: `List the ${words}s of a gateway group’s draft`,
      access: { kind: 'permission', permission: 'config.read' },
      params: groupParams,
      query: pageQuery.extend({ ...resourceFilters, ...filters }),
      response: countedPageOf(draftResource),
    }),
    create: defineEndpoint({
      ...common,
      operationId: `create${one}`,
      method: 'POST',
      path: collection,
      kind: 'create',
      summary: `Add a ${words} to the draft`,
      ...writing,
      params: groupParams,
      body: body.extend({ id: gatewayResourceId.optional() }),
      response: draftResource,
      audit: `${names.segment.slice(0, -1)}.create`,
    }),
    get: defineEndpoint({
      ...common,
      operationId: `get${one}`,
      method: 'GET',
      path: item,
      kind: 'get',
      summary: `Get a ${words} of the draft`,
      access: { kind: 'permission', permission: 'config.read' },
      params: resourceParams,
      response: draftResource,
    }),
    put: defineEndpoint({
      ...common,
      operationId: `put${one}`,
      method: 'PUT',
      path: item,
      kind: 'update',
      summary: `Create or replace a ${words} of the draft`,
      ...writing,
      params: resourceParams,
      body,
      response: draftResource,
      audit: `${names.segment.slice(0, -1)}.put`,
      withoutIfMatch: 'Creates what does not exist; If-Match is demanded when it does.',
    }),
    delete:
      names.onForce === undefined
        ? defineEndpoint(deletion)
        : defineEndpoint({ ...deletion, ...withForce({ effect: names.onForce }) }),
  };
}

/** What is said of the kinds that hold policies themselves. */
const checksPolicies = {
  description: 'Refused with the places when a policy does not exist or an option is not one that it takes.',
  errors: [],
};

/** What upstreams and services are needed for beside calls. */
const keepsStreams = { errors: [gatewayErrors.streamRouteConflict] };

export const upstreamEndpoints = resourceEndpoints(
  {
    segment: 'upstreams',
    one: 'Upstream',
    many: 'Upstreams',
    words: 'upstream',
    onWrite: keepsStreams,
    onDelete: 'Refused with the list while services, routes or stream routes of the draft refer to it.',
    onForce:
      'in the draft, their reference is removed; the routes that have no other upstream get `status: 0`, and such stream routes an upstream without nodes; traffic changes with the next publish.',
  },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.upstream }),
  {},
);
export const serviceEndpoints = resourceEndpoints(
  {
    segment: 'services',
    one: 'Service',
    many: 'Services',
    words: 'service',
    onWrite: keepsStreams,
    onDelete: 'Refused with the list while routes or stream routes of the draft refer to it.',
    onForce:
      'in the draft, its routes lose their reference and get `status: 0`, its stream routes an upstream without nodes; traffic changes with the next publish.',
  },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.service, ...withTemplate }),
  { upstreamId: targetFilters.upstreamId, ...templateFilter },
);
export const routeEndpoints = resourceEndpoints(
  { segment: 'routes', one: 'Route', many: 'Routes', words: 'route' },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.route, ...withTemplate }),
  routeFilters,
);
export const streamRouteEndpoints = resourceEndpoints(
  {
    segment: 'stream-routes',
    one: 'StreamRoute',
    many: 'StreamRoutes',
    words: 'stream route',
    onWrite: {
      description:
        'Takes TCP connections (TLS by server name) or UDP sessions at a port that the data planes listen on. Refused in groups of a shared pool, and where another stream route of the group takes the same connections.',
      errors: [gatewayErrors.streamRouteConflict, gatewayErrors.streamsNotShared],
    },
  },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.stream_route }),
  targetFilters,
);
export const globalPolicyEndpoints = resourceEndpoints(
  {
    segment: 'global-policies',
    one: 'GlobalPolicy',
    many: 'GlobalPolicies',
    words: 'global policy set',
    onWrite: checksPolicies,
  },
  z.strictObject({ value: draftValueSchemas.global_rule }),
  {},
);
export const consumerGroupEndpoints = resourceEndpoints(
  {
    segment: 'consumer-groups',
    one: 'ConsumerGroup',
    many: 'ConsumerGroups',
    words: 'consumer group',
    onWrite: checksPolicies,
    onDelete:
      'Refused with the list while consumers refer to it, and never forced: without their group they would call without its limits, and a consumer cannot be disabled.',
  },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.consumer_group }),
  {},
);
export const consumerEndpoints = resourceEndpoints(
  { segment: 'consumers', one: 'Consumer', many: 'Consumers', words: 'consumer', onWrite: checksPolicies },
  z.strictObject({ ...inWorkspace, value: draftValueSchemas.consumer }),
  { consumerGroupId: referenceTo('consumer group') },
);
