import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

/** What the fleet says of an instance. */
export const dataPlaneStatuses = ['online', 'degraded', 'out-of-date', 'offline', 'unknown'] as const;
export type DataPlaneStatus = (typeof dataPlaneStatuses)[number];

/** What one data plane has in force of one gateway group. */
export const dataPlaneGroup = z
  .object({
    groupId: idSchema('grp'),
    revision: z.number().int().nonnegative(),
    access: z.number().int().nonnegative(),
    acknowledgedAt: timestamp.nullable(),
    refusal: z
      .object({
        sequence: z.enum(['revision', 'access']),
        position: z.number().int().nonnegative(),
        reason: z.string(),
        detail: z.string(),
      })
      .nullable()
      .meta({ description: 'The change that the data plane refused last, until it applies a later one.' }),
  })
  .meta({ id: 'DataPlaneGroup' });
export type DataPlaneGroup = z.infer<typeof dataPlaneGroup>;

export const dataPlane = z
  .object({
    id: idSchema('dp'),
    poolId: idSchema('pool'),
    shared: z.boolean().meta({ description: 'True: run by the SaaS; its state can be read, not changed.' }),
    name: displayName,
    status: z.enum(dataPlaneStatuses),
    statusSince: timestamp,
    softwareVersion: z.string(),
    draining: z.boolean(),
    lastSeenAt: timestamp.nullable(),
    certificateExpiresAt: timestamp,
    revokedAt: timestamp.nullable(),
    clockOffsetMs: z.number().int().nullable(),
    groups: z.array(dataPlaneGroup),
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'DataPlane', description: 'One running gateway instance.' });
export type DataPlane = z.infer<typeof dataPlane>;

const dataPlaneParams = z.object({ dataPlaneId: idSchema('dp') });
const common = { service: 'gateway-manager', tag: 'Data planes' } as const;
const filters = {
  poolId: idSchema('pool').optional(),
  groupId: idSchema('grp').optional(),
  status: z.enum(dataPlaneStatuses).optional(),
};

export const listDataPlanes = defineEndpoint({
  ...common,
  operationId: 'listDataPlanes',
  method: 'GET',
  path: '/api/v1/data-planes',
  kind: 'list',
  summary: 'List data planes: the organisation’s own, and the shared ones that serve its groups',
  access: { kind: 'permission', permission: 'gateways.read' },
  query: pageQuery.extend(filters),
  response: pageOf(dataPlane),
  inLanguages: ['/items/*/groups/*/refusal/detail'],
});

export const getDataPlane = defineEndpoint({
  ...common,
  operationId: 'getDataPlane',
  method: 'GET',
  path: '/api/v1/data-planes/{dataPlaneId}',
  kind: 'get',
  summary: 'Read a data plane',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: dataPlaneParams,
  response: dataPlane,
  inLanguages: ['/groups/*/refusal/detail'],
});

export const revokeDataPlane = defineEndpoint({
  ...common,
  operationId: 'revokeDataPlane',
  method: 'POST',
  path: '/api/v1/data-planes/{dataPlaneId}/revoke',
  kind: 'action',
  summary: 'Revoke a data plane’s certificates and close its link, for good',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: dataPlaneParams,
  response: dataPlane,
  audit: 'data-plane.revoke',
});

export const drainDataPlane = defineEndpoint({
  ...common,
  operationId: 'drainDataPlane',
  method: 'POST',
  path: '/api/v1/data-planes/{dataPlaneId}/drain',
  kind: 'action',
  summary: 'Make a data plane report not ready, so that load balancers turn away from it',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: dataPlaneParams,
  response: dataPlane,
  audit: 'data-plane.drain',
});

export const resumeDataPlane = defineEndpoint({
  ...common,
  operationId: 'resumeDataPlane',
  method: 'POST',
  path: '/api/v1/data-planes/{dataPlaneId}/resume',
  kind: 'action',
  summary: 'Undo a drain',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: dataPlaneParams,
  response: dataPlane,
  audit: 'data-plane.resume',
});

const operator = { service: 'gateway-manager', tag: 'Shared pools' } as const;
const sharedParams = z.object({ poolId: idSchema('pool') });

export const listSharedDataPlanes = defineEndpoint({
  ...operator,
  operationId: 'listSharedDataPlanes',
  method: 'GET',
  path: '/api/v1/shared-pools/{poolId}/data-planes',
  kind: 'list',
  summary: 'Operator: list the data planes of a shared pool',
  access: { kind: 'permission', permission: 'operator.read' },
  params: sharedParams,
  query: pageQuery,
  response: pageOf(dataPlane),
});

export const revokeSharedDataPlane = defineEndpoint({
  ...operator,
  operationId: 'revokeSharedDataPlane',
  method: 'POST',
  path: '/api/v1/shared-pools/{poolId}/data-planes/{dataPlaneId}/revoke',
  kind: 'action',
  summary: 'Operator: revoke a data plane of a shared pool',
  access: { kind: 'permission', permission: 'operator.write' },
  params: sharedParams.extend(dataPlaneParams.shape),
  response: dataPlane,
  audit: 'shared-data-plane.revoke',
});
