import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { iamErrors } from './iam.errors.ts';
import { permission } from './me.endpoints.ts';

const tokens = { service: 'iam', tag: 'Access tokens' } as const;
const accounts = { service: 'iam', tag: 'Service accounts' } as const;
const ownTokens = { kind: 'permission', permission: 'tokens.write' } as const;
const readAccounts = { kind: 'permission', permission: 'members.read' } as const;
const writeAccounts = { kind: 'permission', permission: 'service-accounts.write' } as const;

const permissionSet = z
  .array(permission.refine((name) => !name.startsWith('operator.'), 'Only operators hold this.'))
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'Each permission once.');

export const accessToken = z
  .object({
    id: idSchema('tok'),
    name: displayName,
    permissions: z.array(permission).meta({ description: 'What it may do at most; never more than its owner.' }),
    hint: z.string().meta({ description: 'Last four characters of the token, to tell tokens apart.' }),
    expiresAt: timestamp,
    lastUsedAt: timestamp.nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'AccessToken' });
export type AccessToken = z.infer<typeof accessToken>;

export const issuedAccessToken = accessToken
  .extend({ token: z.string().meta({ description: 'The token itself; shown once.' }) })
  .meta({ id: 'IssuedAccessToken' });
export type IssuedAccessToken = z.infer<typeof issuedAccessToken>;

const newToken = z.strictObject({
  name: displayName,
  permissions: permissionSet,
  expiresInDays: z.number().int().min(1).max(366).default(90),
});

export const listTokens = defineEndpoint({
  ...tokens,
  operationId: 'listTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  kind: 'list',
  summary: 'List one’s own access tokens',
  access: ownTokens,
  query: pageQuery,
  response: pageOf(accessToken),
});

export const createToken = defineEndpoint({
  ...tokens,
  operationId: 'createToken',
  method: 'POST',
  path: '/api/v1/tokens',
  kind: 'create',
  summary: 'Create an access token for oneself',
  access: ownTokens,
  body: newToken,
  response: issuedAccessToken,
  errors: [iamErrors.beyondOwnRights],
  audit: 'token.create',
});

export const revokeToken = defineEndpoint({
  ...tokens,
  operationId: 'revokeToken',
  method: 'DELETE',
  path: '/api/v1/tokens/{tokenId}',
  kind: 'delete',
  summary: 'Revoke one of one’s own access tokens',
  access: ownTokens,
  params: z.object({ tokenId: idSchema('tok') }),
  withoutIfMatch: 'a token never changes',
  audit: 'token.delete',
});

export const serviceAccount = z
  .object({
    id: idSchema('sva'),
    name: displayName,
    description,
    permissions: z.array(permission),
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'ServiceAccount', description: 'A program that acts in an organisation.' });
export type ServiceAccount = z.infer<typeof serviceAccount>;

const accountParams = z.object({ serviceAccountId: idSchema('sva') });

export const listServiceAccounts = defineEndpoint({
  ...accounts,
  operationId: 'listServiceAccounts',
  method: 'GET',
  path: '/api/v1/service-accounts',
  kind: 'list',
  summary: 'List service accounts',
  access: readAccounts,
  query: pageQuery,
  response: pageOf(serviceAccount),
});

export const getServiceAccount = defineEndpoint({
  ...accounts,
  operationId: 'getServiceAccount',
  method: 'GET',
  path: '/api/v1/service-accounts/{serviceAccountId}',
  kind: 'get',
  summary: 'Read a service account',
  access: readAccounts,
  params: accountParams,
  response: serviceAccount,
});

export const createServiceAccount = defineEndpoint({
  ...accounts,
  operationId: 'createServiceAccount',
  method: 'POST',
  path: '/api/v1/service-accounts',
  kind: 'create',
  summary: 'Create a service account',
  access: writeAccounts,
  body: z.strictObject({ name: displayName, description: description.default(''), permissions: permissionSet }),
  response: serviceAccount,
  errors: [iamErrors.taken, iamErrors.beyondOwnRights],
  audit: 'service-account.create',
});

export const updateServiceAccount = defineEndpoint({
  ...accounts,
  operationId: 'updateServiceAccount',
  method: 'PATCH',
  path: '/api/v1/service-accounts/{serviceAccountId}',
  kind: 'update',
  summary: 'Change a service account',
  access: writeAccounts,
  params: accountParams,
  body: z.strictObject({
    name: displayName.optional(),
    description: description.optional(),
    permissions: permissionSet.optional(),
  }),
  response: serviceAccount,
  errors: [iamErrors.taken, iamErrors.beyondOwnRights],
  audit: 'service-account.update',
});

export const deleteServiceAccount = defineEndpoint({
  ...accounts,
  operationId: 'deleteServiceAccount',
  method: 'DELETE',
  path: '/api/v1/service-accounts/{serviceAccountId}',
  kind: 'delete',
  summary: 'Delete a service account and revoke its tokens',
  access: writeAccounts,
  params: accountParams,
  audit: 'service-account.delete',
});

export const listServiceAccountTokens = defineEndpoint({
  ...accounts,
  operationId: 'listServiceAccountTokens',
  method: 'GET',
  path: '/api/v1/service-accounts/{serviceAccountId}/tokens',
  kind: 'list',
  summary: 'List the tokens of a service account',
  access: readAccounts,
  params: accountParams,
  query: pageQuery,
  response: pageOf(accessToken),
});

export const createServiceAccountToken = defineEndpoint({
  ...accounts,
  operationId: 'createServiceAccountToken',
  method: 'POST',
  path: '/api/v1/service-accounts/{serviceAccountId}/tokens',
  kind: 'create',
  summary: 'Create a token of a service account',
  access: writeAccounts,
  params: accountParams,
  body: newToken,
  response: issuedAccessToken,
  errors: [iamErrors.beyondOwnRights],
  audit: 'service-account-token.create',
});

export const revokeServiceAccountToken = defineEndpoint({
  ...accounts,
  operationId: 'revokeServiceAccountToken',
  method: 'DELETE',
  path: '/api/v1/service-accounts/{serviceAccountId}/tokens/{tokenId}',
  kind: 'delete',
  summary: 'Revoke a token of a service account',
  access: writeAccounts,
  params: accountParams.extend({ tokenId: idSchema('tok') }),
  withoutIfMatch: 'a token never changes',
  audit: 'service-account-token.delete',
});
