import { z } from 'zod';
import { errorFormats, quotaWhenCutOffModes } from '../../gateway/index.ts';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { upstreamSettings } from './upstream-settings.ts';

/** `/api/v1/gateway-groups/{groupId}` */
export const groupParams = z.strictObject({ groupId: idSchema('grp') });

const errorFormat = z.enum(errorFormats).meta({
  description: 'How a gateway writes its own errors: RFC 9457 documents, or the bodies that Apache APISIX sends.',
});
const maxAccessAgeSeconds = z
  .number()
  .int()
  .min(10)
  .max(30 * 24 * 3600)
  .nullable()
  .meta({ description: 'Seconds after which a data plane that is cut off stops serving; null: never.' });

const quotaWhenCutOff = z.enum(quotaWhenCutOffModes).meta({
  description:
    'What becomes of calls under a quota on a data plane that has not heard of the control plane for 30 seconds: `keep` lets the last ' +
    'lease hold, `refuse` answers 503, `allow` lets them pass.',
});

const publicUrls = z
  .array(z.url({ protocol: /^https?$/ }).max(500))
  .max(10)
  .refine((urls) => new Set(urls).size === urls.length, 'Each address once.')
  .meta({
    description:
      'Where clients reach the data planes of the group, for people and samples; the first is shown first. Takes effect at once.',
  });

/** Who runs the data planes of a group. */
export const poolKind = z.enum(['shared', 'self-hosted']).meta({
  description: '`shared`: run by the operator for many tenants; `self-hosted`: run by the tenant for this group alone.',
});
export type PoolKind = z.output<typeof poolKind>;

export const gatewayGroup = z
  .object({
    id: idSchema('grp'),
    environmentId: idSchema('env'),
    projectId: idSchema('prj'),
    name: slug,
    hosts: z
      .array(z.string())
      .meta({ description: 'Host names served by the data planes of the pool; the first is the default host.' }),
    poolId: idSchema('pool'),
    poolKind,
    errorFormat,
    maxAccessAgeSeconds,
    quotaWhenCutOff,
    upstreams: upstreamSettings,
    publicUrls,
    addresses: z.array(z.string()).meta({
      description:
        'Where calls go: `publicUrls` or, where there are none, the installation’s gateway under each host of a shared group. Empty: not known.',
    }),
    revision: z.number().int().positive().meta({ description: 'The revision in force; the base of the next publish.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'GatewayGroup', description: 'One configuration and its addresses.' });
export type GatewayGroup = z.output<typeof gatewayGroup>;

const common = { service: 'gateway-manager', tag: 'Gateway groups' } as const;

export const listGatewayGroups = defineEndpoint({
  ...common,
  operationId: 'listGatewayGroups',
  method: 'GET',
  path: '/api/v1/gateway-groups',
  kind: 'list',
  summary: 'List gateway groups',
  access: { kind: 'permission', permission: 'gateways.read' },
  query: pageQuery.extend({
    search: searchText('the id or the name'),
    environmentId: idSchema('env').optional(),
    policyTemplateId: idSchema('ptp')
      .optional()
      .meta({ description: 'Only groups whose draft refers to this policy template.' }),
  }),
  response: pageOf(gatewayGroup),
});

export const createGatewayGroup = defineEndpoint({
  ...common,
  operationId: 'createGatewayGroup',
  method: 'POST',
  path: '/api/v1/gateway-groups',
  kind: 'create',
  summary: 'Create a gateway group',
  description: 'Comes with a default host, a workspace named `default` and revision 1, which holds its settings only.',
  access: { kind: 'permission', permission: 'gateways.write' },
  body: z.strictObject({
    environmentId: idSchema('env'),
    name: slug.meta({ description: 'Unique within the organisation; the first label of the default host.' }),
    pool: poolKind.default('shared'),
    errorFormat: errorFormat.default('problem'),
    maxAccessAgeSeconds: maxAccessAgeSeconds.default(null),
    quotaWhenCutOff: quotaWhenCutOff.default('keep'),
    upstreams: upstreamSettings.default(null),
    publicUrls: publicUrls.default([]),
  }),
  response: gatewayGroup,
  errors: [commonErrors.conflict],
  audit: 'gateway-group.create',
});

export const getGatewayGroup = defineEndpoint({
  ...common,
  operationId: 'getGatewayGroup',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}',
  kind: 'get',
  summary: 'Get a gateway group',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: groupParams,
  response: gatewayGroup,
});

export const updateGatewayGroup = defineEndpoint({
  ...common,
  operationId: 'updateGatewayGroup',
  method: 'PATCH',
  path: '/api/v1/gateway-groups/{groupId}',
  kind: 'update',
  summary: 'Change the settings of a gateway group',
  description:
    'Settings but `publicUrls` belong to the global part of the draft: they take effect when the whole group is published.',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: groupParams,
  body: z.strictObject({
    errorFormat: errorFormat.optional(),
    maxAccessAgeSeconds: maxAccessAgeSeconds.optional(),
    quotaWhenCutOff: quotaWhenCutOff.optional(),
    upstreams: upstreamSettings.optional(),
    publicUrls: publicUrls.optional(),
  }),
  response: gatewayGroup,
  audit: 'gateway-group.update',
});

export const deleteGatewayGroup = defineEndpoint({
  ...common,
  operationId: 'deleteGatewayGroup',
  method: 'DELETE',
  path: '/api/v1/gateway-groups/{groupId}',
  kind: 'delete',
  summary: 'Delete a gateway group',
  description: 'Refused with the list while API products are sold in it or data planes are enrolled into its own pool.',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: groupParams,
  errors: [commonErrors.inUse],
  audit: 'gateway-group.delete',
  ...withForce({
    effect:
      'the data planes of its own pool are revoked for good, and products lose it; a product that is sold nowhere else goes off sale and its approved subscriptions are suspended. A pool stays as long as it holds revoked data planes.',
    permissions: ['portal.write'],
  }),
});
