import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

export const pool = z
  .object({
    id: idSchema('pool'),
    name: displayName,
    kind: z.enum(['self-hosted', 'shared']).meta({ description: 'Who runs its data planes: the tenant, or the SaaS.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Pool', description: 'A set of data planes.' });
export type Pool = z.infer<typeof pool>;

/** Path parameter of everything below a pool. */
export const poolParams = z.object({ poolId: idSchema('pool') });
const poolInput = z.strictObject({ name: displayName }).meta({ id: 'PoolInput' });

const common = { service: 'gateway-manager', tag: 'Pools' } as const;

export const listPools = defineEndpoint({
  ...common,
  operationId: 'listPools',
  method: 'GET',
  path: '/api/v1/pools',
  kind: 'list',
  summary: 'List the organisation’s own pools',
  access: { kind: 'permission', permission: 'gateways.read' },
  query: pageQuery,
  response: pageOf(pool),
});

export const createPool = defineEndpoint({
  ...common,
  operationId: 'createPool',
  method: 'POST',
  path: '/api/v1/pools',
  kind: 'create',
  summary: 'Create a pool for self-hosted data planes',
  access: { kind: 'permission', permission: 'gateways.write' },
  body: poolInput,
  response: pool,
  audit: 'pool.create',
});

export const getPool = defineEndpoint({
  ...common,
  operationId: 'getPool',
  method: 'GET',
  path: '/api/v1/pools/{poolId}',
  kind: 'get',
  summary: 'Read a pool',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: poolParams,
  response: pool,
});

export const updatePool = defineEndpoint({
  ...common,
  operationId: 'updatePool',
  method: 'PATCH',
  path: '/api/v1/pools/{poolId}',
  kind: 'update',
  summary: 'Rename a pool',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: poolParams,
  body: poolInput,
  response: pool,
  audit: 'pool.update',
});

export const deletePool = defineEndpoint({
  ...common,
  operationId: 'deletePool',
  method: 'DELETE',
  path: '/api/v1/pools/{poolId}',
  kind: 'delete',
  summary: 'Delete a pool that serves no gateway group and has no data plane',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: poolParams,
  audit: 'pool.delete',
});

const shared = { service: 'gateway-manager', tag: 'Shared pools' } as const;

export const listSharedPools = defineEndpoint({
  ...shared,
  operationId: 'listSharedPools',
  method: 'GET',
  path: '/api/v1/shared-pools',
  kind: 'list',
  summary: 'Operator: list the pools run by the SaaS',
  access: { kind: 'permission', permission: 'operator.read' },
  query: pageQuery,
  response: pageOf(pool),
});

export const createSharedPool = defineEndpoint({
  ...shared,
  operationId: 'createSharedPool',
  method: 'POST',
  path: '/api/v1/shared-pools',
  kind: 'create',
  summary: 'Operator: create a pool that serves groups of many tenants',
  access: { kind: 'permission', permission: 'operator.write' },
  body: poolInput,
  response: pool,
  audit: 'shared-pool.create',
});
