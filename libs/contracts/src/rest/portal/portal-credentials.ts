import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { credential } from './credentials.ts';
import { siteParams } from './portal-account.ts';
import { portalErrors } from './portal.errors.ts';

/** A credential and, this once, its key. */
export const issuedCredential = credential
  .extend({ key: z.string().meta({ description: 'Shown once; only its SHA-256 is stored.' }) })
  .meta({ id: 'IssuedCredential' });
export type IssuedCredential = z.output<typeof issuedCredential>;

export const newCredential = z.strictObject({ name: displayName.default('Key') }).meta({ id: 'NewCredential' });

export const credentialRotation = z
  .strictObject({
    overlapSeconds: z
      .number()
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .meta({ description: 'How long the old key stays usable; at most seven days.' }),
  })
  .meta({ id: 'CredentialRotation' });

const subscriptionParams = siteParams.extend({ subscriptionId: idSchema('sub') });
const credentialParams = subscriptionParams.extend({ credentialId: idSchema('crd') });
const shownOnce = 'The answer holds a key that is stored nowhere, so it cannot be repeated.';

export const listMyCredentials = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listMyCredentials',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials',
  kind: 'list',
  tag: 'Portal: credentials',
  summary: 'List the credentials of a subscription of one’s own',
  access: { kind: 'developer' },
  params: subscriptionParams,
  query: pageQuery,
  response: pageOf(credential),
});

export const issueMyCredential = defineEndpoint({
  service: 'developer-portal',
  operationId: 'issueMyCredential',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials',
  kind: 'create',
  tag: 'Portal: credentials',
  summary: 'Get a key for a subscription of one’s own',
  access: { kind: 'developer' },
  params: subscriptionParams,
  body: newCredential,
  response: issuedCredential,
  errors: [portalErrors.stateConflict, portalErrors.limitReached, portalErrors.developerNotApproved],
  audit: 'credential.issue',
  withoutIdempotencyKey: shownOnce,
});

export const rotateMyCredential = defineEndpoint({
  service: 'developer-portal',
  operationId: 'rotateMyCredential',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials/{credentialId}/rotate',
  kind: 'action',
  tag: 'Portal: credentials',
  summary: 'Replace a key, both usable for a while',
  access: { kind: 'developer' },
  params: credentialParams,
  body: credentialRotation,
  response: issuedCredential,
  errors: [portalErrors.stateConflict, portalErrors.limitReached, portalErrors.developerNotApproved],
  audit: 'credential.rotate',
});

export const revokeMyCredential = defineEndpoint({
  service: 'developer-portal',
  operationId: 'revokeMyCredential',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials/{credentialId}/revoke',
  kind: 'action',
  tag: 'Portal: credentials',
  summary: 'Revoke a key',
  description: 'Refused everywhere within a second, for good. Revoking again changes nothing.',
  access: { kind: 'developer' },
  params: credentialParams,
  response: credential,
  audit: 'credential.revoke',
  dryRun: true,
});
