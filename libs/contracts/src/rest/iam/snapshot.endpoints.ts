import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { defineRebuild } from '../projections.ts';
import { tenantStatuses } from './tenant.endpoints.ts';

const common = { service: 'iam', tag: 'Internal' } as const;

/** Any service → iam: all tenants, or the one that the caller names, to rebuild or check a projection. */
export const snapshotTenants = defineEndpoint({
  ...common,
  operationId: 'snapshotTenants',
  method: 'GET',
  path: '/internal/v1/tenants',
  kind: 'list',
  summary: 'All tenants, in the order of their ids',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(
    z.object({
      tenantId: idSchema('tnt'),
      slug: z.string(),
      name: z.string(),
      status: z.enum(tenantStatuses),
      billingTimeZone: z.string(),
      version,
    }),
  ),
});

/** Any service → iam: all environments of all tenants, or of the one that the caller names, to rebuild or check a projection. */
export const snapshotEnvironments = defineEndpoint({
  ...common,
  operationId: 'snapshotEnvironments',
  method: 'GET',
  path: '/internal/v1/environments',
  kind: 'list',
  summary: 'All environments, in the order of their ids',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(
    z.object({
      environmentId: idSchema('env'),
      tenantId: idSchema('tnt'),
      projectId: idSchema('prj'),
      name: z.string(),
      projectName: z.string(),
      version,
    }),
  ),
});

/** Rebuilds what iam knows of gateway-manager, for the tenant that the caller names. */
export const rebuildIamProjections = defineRebuild('iam', 'rebuildIamProjections');
