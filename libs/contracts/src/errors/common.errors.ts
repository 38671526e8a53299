import { defineError } from './define-error.ts';

/** Errors that every endpoint of every service can answer. */
export const commonErrors = {
  invalid: defineError({
    code: 'request.invalid',
    status: 400,
    title: 'The request does not fit the documented shape',
    operator: 'The caller sent something the schema refuses; `errors` names each place.',
  }),
  malformed: defineError({
    code: 'request.malformed',
    status: 400,
    title: 'The request could not be read',
    operator: 'The body is no JSON, or a header or the address cannot be decoded.',
  }),
  unauthenticated: defineError({
    code: 'auth.required',
    status: 401,
    title: 'Authentication is required',
    operator: 'No credential, or one that is unknown, expired or revoked.',
  }),
  forbidden: defineError({
    code: 'auth.forbidden',
    status: 403,
    title: 'You are not allowed to do this',
    operator: 'The principal lacks the permission that the endpoint declares.',
  }),
  crossSiteRefused: defineError({
    code: 'auth.cross_site_refused',
    status: 403,
    title: 'A browser may change something here from its own pages only',
    operator:
      'A request with a session cookie came without `x-tollgate-browser: 1`, or from another origin: a forged request, or a public URL that is not the address people type.',
  }),
  notFound: defineError({
    code: 'resource.not_found',
    status: 404,
    title: 'There is no such thing here',
    operator: 'Unknown id, or one of another tenant: both are answered alike.',
  }),
  conflict: defineError({
    code: 'resource.conflict',
    status: 409,
    title: 'The request conflicts with the present state',
    operator: 'A unique name is taken, or others still refer to the object; `detail` says which.',
  }),
  inUse: defineError({
    code: 'resource.in_use',
    status: 409,
    title: 'Others still refer to this',
    operator: 'Delete or change what `errors` lists first, or, where the endpoint takes it, send force=true.',
  }),
  timeout: defineError({
    code: 'request.timeout',
    status: 408,
    title: 'The request did not arrive in time',
    operator: 'The client, or something before it, sent too slowly.',
  }),
  idempotencyInProgress: defineError({
    code: 'idempotency.in_progress',
    status: 409,
    title: 'A request with this Idempotency-Key is still being worked on',
    operator: 'A retry overtook the first request; the caller tries again shortly.',
  }),
  preconditionFailed: defineError({
    code: 'resource.changed',
    status: 412,
    title: 'The object has changed since you read it',
    operator: 'If-Match named an older version.',
  }),
  tooLarge: defineError({
    code: 'request.too_large',
    status: 413,
    title: 'The request body is too large',
    operator: 'Over the limit of the endpoint.',
  }),
  unsupportedMediaType: defineError({
    code: 'request.unsupported_media_type',
    status: 415,
    title: 'The request body has a media type that is not supported',
    operator: 'Only application/json is read here.',
  }),
  idempotencyMismatch: defineError({
    code: 'idempotency.mismatch',
    status: 422,
    title: 'This Idempotency-Key was used with another request',
    operator: 'Same key and principal, other body.',
  }),
  preconditionRequired: defineError({
    code: 'request.precondition_required',
    status: 428,
    title: 'Send If-Match with the version you read',
    operator: 'Updates and deletes need the ETag of the object.',
  }),
  headTooLarge: defineError({
    code: 'request.head_too_large',
    status: 431,
    title: 'The address and headers of the request are too large',
    operator: 'Request line and headers together are over 16 KB.',
  }),
  rateLimited: defineError({
    code: 'request.rate_limited',
    status: 429,
    title: 'Too many requests',
    operator: 'The limit per principal, tenant or address was reached; Retry-After says when to come back.',
  }),
  internal: defineError({
    code: 'internal.error',
    status: 500,
    title: 'Something went wrong on our side',
    operator: 'A bug or an unexpected failure; the log has the request id and the cause.',
  }),
  unavailable: defineError({
    code: 'internal.unavailable',
    status: 503,
    title: 'The service is not available right now',
    operator: 'A dependency does not answer; see the readiness page of the service.',
  }),
} as const;
