import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { poolParams } from './pools.ts';

export const enrolmentToken = z
  .object({
    id: idSchema('ent'),
    poolId: idSchema('pool'),
    name: displayName,
    reusable: z.boolean().meta({ description: 'False: the first data plane that enrols uses it up.' }),
    uses: z.number().int().nonnegative(),
    expiresAt: timestamp,
    revokedAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'EnrolmentToken', description: 'Lets data planes enrol into a pool. The token itself is shown once.' });
export type EnrolmentToken = z.infer<typeof enrolmentToken>;

const createdToken = enrolmentToken
  .extend({
    token: z
      .string()
      .meta({ description: 'Give it to the data plane as TOLLGATE_ENROL_TOKEN. It is not shown again.' }),
    linkUrl: z.url().meta({ description: 'Give it to the data plane as TOLLGATE_LINK_URL.' }),
  })
  .meta({ id: 'CreatedEnrolmentToken' });
export type CreatedEnrolmentToken = z.infer<typeof createdToken>;

const tokenInput = z
  .strictObject({
    name: displayName,
    reusable: z.boolean().default(false),
    expiresInSeconds: z
      .number()
      .int()
      .min(60)
      .max(365 * 86_400)
      .default(86_400),
  })
  .meta({ id: 'EnrolmentTokenInput' });
export type EnrolmentTokenInput = z.output<typeof tokenInput>;

const tokenParams = poolParams.extend({ tokenId: idSchema('ent') });
const common = { service: 'gateway-manager', tag: 'Enrolment tokens' } as const;

export const listEnrolmentTokens = defineEndpoint({
  ...common,
  operationId: 'listEnrolmentTokens',
  method: 'GET',
  path: '/api/v1/pools/{poolId}/enrolment-tokens',
  kind: 'list',
  summary: 'List the enrolment tokens of a pool',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: poolParams,
  query: pageQuery,
  response: pageOf(enrolmentToken),
});

export const createEnrolmentToken = defineEndpoint({
  ...common,
  operationId: 'createEnrolmentToken',
  method: 'POST',
  path: '/api/v1/pools/{poolId}/enrolment-tokens',
  kind: 'create',
  summary: 'Create an enrolment token and show it once',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: poolParams,
  body: tokenInput,
  response: createdToken,
  audit: 'enrolment-token.create',
  rateLimit: 'sensitive',
});

export const revokeEnrolmentToken = defineEndpoint({
  ...common,
  operationId: 'revokeEnrolmentToken',
  method: 'DELETE',
  path: '/api/v1/pools/{poolId}/enrolment-tokens/{tokenId}',
  kind: 'delete',
  summary: 'Revoke an enrolment token; data planes that used it stay enrolled',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: tokenParams,
  audit: 'enrolment-token.revoke',
  withoutIfMatch: 'Revoking is final and a token has no other change.',
});

export const createSharedEnrolmentToken = defineEndpoint({
  ...common,
  operationId: 'createSharedEnrolmentToken',
  method: 'POST',
  path: '/api/v1/shared-pools/{poolId}/enrolment-tokens',
  kind: 'create',
  summary: 'Operator: create an enrolment token of a shared pool and show it once',
  access: { kind: 'permission', permission: 'operator.write' },
  params: poolParams,
  body: tokenInput,
  response: createdToken,
  audit: 'shared-enrolment-token.create',
  rateLimit: 'sensitive',
});
