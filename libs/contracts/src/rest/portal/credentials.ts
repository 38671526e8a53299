import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

export const credentialState = z.enum(['active', 'revoked']);
export type CredentialState = z.output<typeof credentialState>;

export const credentialKind = z.enum(['key', 'try']).meta({
  description:
    '`key`: the developer’s own; `try`: made for a page that tries the API, ends by itself after 15 minutes.',
});
export type CredentialKind = z.output<typeof credentialKind>;

/** A key of a subscription, without the key. */
export const credential = z
  .object({
    id: idSchema('crd'),
    subscriptionId: idSchema('sub'),
    name: displayName,
    hint: z.string().meta({ description: 'Last four characters of the key, to tell keys apart.' }),
    kind: credentialKind,
    state: credentialState,
    expiresAt: timestamp
      .nullable()
      .meta({ description: 'Set while a rotated key overlaps with its successor, and for keys of kind `try`.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Credential' });
export type Credential = z.output<typeof credential>;

export const listCredentials = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listCredentials',
  method: 'GET',
  path: '/api/v1/subscriptions/{subscriptionId}/credentials',
  kind: 'list',
  tag: 'Credentials',
  summary: 'List the credentials of a subscription',
  access: { kind: 'permission', permission: 'portal.read' },
  params: z.strictObject({ subscriptionId: idSchema('sub') }),
  query: pageQuery,
  response: pageOf(credential),
});

export const revokeCredential = defineEndpoint({
  service: 'developer-portal',
  operationId: 'revokeCredential',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/credentials/{credentialId}/revoke',
  kind: 'action',
  tag: 'Credentials',
  summary: 'Revoke a credential',
  description: 'Refused everywhere within a second, for good. Revoking again changes nothing.',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: z.strictObject({ subscriptionId: idSchema('sub'), credentialId: idSchema('crd') }),
  response: credential,
  audit: 'credential.revoke',
  dryRun: true,
});
