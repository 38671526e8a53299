import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { iamErrors } from './iam.errors.ts';

const timeZones = new Set(Intl.supportedValuesOf('timeZone')).add('UTC');

/** IANA name of a time zone. */
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => timeZones.has(name), 'This is no IANA time zone.')
  .meta({ examples: ['UTC', 'Europe/Berlin'] });

export const tenantStatuses = ['active', 'suspended'] as const;

export const tenant = z
  .object({
    id: idSchema('tnt'),
    name: displayName,
    slug,
    status: z.enum(tenantStatuses),
    suspensionReason: z.string().nullable(),
    billingTimeZone: z.string(),
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'Tenant', description: 'A customer organisation.' });
export type Tenant = z.infer<typeof tenant>;

const own = { service: 'iam', tag: 'Organisation' } as const;

export const getTenant = defineEndpoint({
  ...own,
  operationId: 'getTenant',
  method: 'GET',
  path: '/api/v1/tenant',
  kind: 'get',
  summary: 'Read one’s own organisation',
  access: { kind: 'permission', permission: 'tenant.read' },
  response: tenant,
});

export const updateTenant = defineEndpoint({
  ...own,
  operationId: 'updateTenant',
  method: 'PATCH',
  path: '/api/v1/tenant',
  kind: 'update',
  summary: 'Change one’s own organisation',
  access: { kind: 'permission', permission: 'tenant.write' },
  body: z.strictObject({ name: displayName.optional(), billingTimeZone: timeZone.optional() }),
  response: tenant,
  audit: 'tenant.update',
});

const operator = { service: 'iam', tag: 'Operator' } as const;
const params = z.object({ tenantId: idSchema('tnt') });

export const listTenants = defineEndpoint({
  ...operator,
  operationId: 'listTenants',
  method: 'GET',
  path: '/api/v1/operator/tenants',
  kind: 'list',
  summary: 'Operator: list organisations',
  access: { kind: 'permission', permission: 'operator.read' },
  query: pageQuery.extend({ status: z.enum(tenantStatuses).optional(), slug: slug.optional() }),
  response: pageOf(tenant),
});

export const getAnyTenant = defineEndpoint({
  ...operator,
  operationId: 'getAnyTenant',
  method: 'GET',
  path: '/api/v1/operator/tenants/{tenantId}',
  kind: 'get',
  summary: 'Operator: read an organisation',
  access: { kind: 'permission', permission: 'operator.read' },
  params,
  response: tenant,
});

export const suspendTenant = defineEndpoint({
  ...operator,
  operationId: 'suspendTenant',
  method: 'POST',
  path: '/api/v1/operator/tenants/{tenantId}/suspend',
  kind: 'action',
  summary: 'Operator: stop an organisation. Its members can read but not change, its gateways refuse its calls',
  access: { kind: 'permission', permission: 'operator.write' },
  params,
  body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
  response: tenant,
  errors: [iamErrors.tenantSuspended],
  audit: 'tenant.suspend',
});

export const resumeTenant = defineEndpoint({
  ...operator,
  operationId: 'resumeTenant',
  method: 'POST',
  path: '/api/v1/operator/tenants/{tenantId}/resume',
  kind: 'action',
  summary: 'Operator: serve a suspended organisation again',
  access: { kind: 'permission', permission: 'operator.write' },
  params,
  response: tenant,
  errors: [iamErrors.tenantActive],
  audit: 'tenant.resume',
});
