import { z } from 'zod';
import { principal } from '../../auth/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { serviceNames } from '../../services/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';

const tag = 'Internal';

/** Edge → iam: turns what a caller sent into a token that one service accepts for a minute. */
export const exchangeToken = defineEndpoint({
  service: 'iam',
  operationId: 'exchangeToken',
  method: 'POST',
  path: '/internal/v1/token-exchange',
  kind: 'action',
  tag,
  summary: 'Exchange a session or personal access token for an internal token',
  access: { kind: 'service' },
  body: z.strictObject({
    credential: z
      .string()
      .min(1)
      .max(512)
      .meta({ description: 'Session or access token exactly as the caller sent it.' }),
    audience: z.enum(serviceNames),
  }),
  response: z.object({ token: z.string(), expiresAt: timestamp, principal }),
  errors: [commonErrors.unauthenticated],
  audit: 'none: an exchange changes nothing',
});

/** Any service → iam, when Redis cannot tell: is this session or token still good? */
export const checkCredential = defineEndpoint({
  service: 'iam',
  operationId: 'checkCredential',
  method: 'GET',
  path: '/internal/v1/credentials/{credentialId}',
  kind: 'get',
  tag,
  summary: 'Tell whether a session or token was revoked',
  access: { kind: 'service' },
  params: z.object({ credentialId: z.string().min(1).max(64) }),
  response: z.object({ revoked: z.boolean() }),
});

/** Public keys of internal tokens. */
export const getSigningKeys = defineEndpoint({
  service: 'iam',
  operationId: 'getSigningKeys',
  method: 'GET',
  path: '/internal/v1/jwks.json',
  kind: 'get',
  tag,
  summary: 'Public keys of internal tokens (RFC 7517)',
  access: { kind: 'public' },
  response: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
});
