import { defineError } from '@tollgate/contracts/errors';

export const keyAuthErrors = {
  missing: defineError({
    code: 'gateway.credential_missing',
    status: 401,
    title: 'This API needs an API key',
    operator: 'Neither the header nor the query parameter of `key-auth` was sent.',
  }),
  unknown: defineError({
    code: 'gateway.credential_unknown',
    status: 401,
    title: 'The API key is not known',
    operator: 'No consumer of the gateway group has this key, or its consumer is gone.',
  }),
  revoked: defineError({
    code: 'gateway.credential_revoked',
    status: 401,
    title: 'The API key has been revoked',
    operator: 'A revocation names the key or its credential; it outlives every revision.',
  }),
  expired: defineError({
    code: 'gateway.credential_expired',
    status: 401,
    title: 'The API key has expired',
    operator: 'The credential’s `expires_at` lies in the past.',
  }),
} as const;
