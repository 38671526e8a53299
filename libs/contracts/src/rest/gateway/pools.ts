import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

export const pool = z
  .object({
    id: idSchema('pool'),
    name: displayName,
    kind: z.enum(['self-hosted', 'shared']).meta({ description: 'Who runs its data planes: the tenant, or the SaaS.' }),
    createdAt: timestamp,
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
  description: 'A self-hosted gateway group comes with a pool of its own and takes it along when it is deleted.',
  access: { kind: 'permission', permission: 'gateways.read' },
  query: pageQuery,
  response: pageOf(pool),
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
