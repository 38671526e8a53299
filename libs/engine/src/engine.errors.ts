import { defineError } from '@tollgate/contracts/errors';

/** Every error that the gateway itself answers; those of policies stand beside the policies. */
export const engineErrors = {
  badRequest: defineError({
    code: 'gateway.bad_request',
    status: 400,
    title: 'The request is not well-formed HTTP',
    operator:
      'Refused before routing, because another server might have read it differently; `detail` says what is wrong.',
  }),
  clientCertificate: defineError({
    code: 'gateway.client_certificate_required',
    status: 400,
    title: 'This API needs a client certificate that it trusts',
    operator:
      'The ssl object of the host has `client.ca`, and the connection has shown no certificate of it, or was made for another host.',
  }),
  hostUnknown: defineError({
    code: 'gateway.host_unknown',
    status: 404,
    title: 'No API is served under this host name',
    operator: 'No gateway group on this data plane has the host. The call is noise: a metric, not usage.',
  }),
  routeNotFound: defineError({
    code: 'gateway.route_not_found',
    status: 404,
    title: 'There is no such API here',
    operator: 'The host is known, but no route matches path, method and conditions. Counted with route "none".',
  }),
  requestTimeout: defineError({
    code: 'gateway.request_timeout',
    status: 408,
    title: 'The request was not received in time',
    operator: 'The client stopped sending in the middle of the head or the body.',
  }),
  bodyTooLarge: defineError({
    code: 'gateway.body_too_large',
    status: 413,
    title: 'The request body is too large',
    operator:
      'Over `bodyLimitBytes` of the group or the data plane, or longer than a policy that looks at whole bodies takes.',
  }),
  expectationFailed: defineError({
    code: 'gateway.expectation_failed',
    status: 417,
    title: 'The expectation cannot be met',
    operator: 'The client sent an Expect header other than 100-continue.',
  }),
  misdirected: defineError({
    code: 'gateway.misdirected',
    status: 421,
    title: 'This connection is not for that host name',
    operator: 'TLS server name and Host belong to different gateway groups.',
  }),
  clientConnections: defineError({
    code: 'gateway.too_many_connections',
    status: 429,
    title: 'Too many connections are open from this address',
    operator: 'Over `connectionsPerClient`. The connection is closed; noise, not usage.',
  }),
  tenantConnections: defineError({
    code: 'gateway.tenant_connections_exhausted',
    status: 503,
    title: 'Too many connections are open to this API',
    operator:
      'Over `connectionsPerTenant` of a shared data plane: connections whose last request was for the same tenant. Noise, not usage.',
  }),
  headTooLarge: defineError({
    code: 'gateway.head_too_large',
    status: 431,
    title: 'The request head is too large',
    operator: 'Request line and headers exceed `headLimitBytes`.',
  }),
  internal: defineError({
    code: 'gateway.internal',
    status: 500,
    title: 'Something went wrong in the gateway',
    operator: 'A policy or the engine failed unexpectedly; the log has the request id and the cause.',
  }),
  notImplemented: defineError({
    code: 'gateway.not_implemented',
    status: 501,
    title: 'The gateway does not support this',
    operator: 'A transfer coding other than chunked, or CONNECT.',
  }),
  versionNotSupported: defineError({
    code: 'gateway.version_not_supported',
    status: 505,
    title: 'This version of HTTP is not served here',
    operator: 'The request line names a version other than HTTP/1.0 and HTTP/1.1.',
  }),
  upstreamFailed: defineError({
    code: 'gateway.upstream_failed',
    status: 502,
    title: 'The service behind this API could not be reached',
    operator: 'Every node that was tried refused, reset or answered what is not HTTP.',
  }),
  answerTooLarge: defineError({
    code: 'gateway.answer_too_large',
    status: 502,
    title: 'The answer of the service behind this API is too large',
    operator: 'A policy looks at whole answers, and this one is longer than the policy takes.',
  }),
  upstreamRefused: defineError({
    code: 'gateway.upstream_address_refused',
    status: 502,
    title: 'The service behind this API could not be reached',
    operator:
      'The upstream resolves to addresses that the data plane may not connect to (private, loopback, metadata).',
  }),
  noUpstream: defineError({
    code: 'gateway.no_upstream',
    status: 503,
    title: 'No service stands behind this API',
    operator: 'The route has no upstream, or the upstream no node with a weight over 0.',
  }),
  accessStale: defineError({
    code: 'gateway.access_state_stale',
    status: 503,
    title: 'The gateway is cut off and cannot check access',
    operator:
      'Older than the group’s `maxAccessAgeSeconds`, or a quota with `quotaWhenCutOff: refuse`; see whether the data plane reaches the control plane.',
  }),
  upstreamTimeout: defineError({
    code: 'gateway.upstream_timeout',
    status: 504,
    title: 'The service behind this API did not answer in time',
    operator: 'Connect, send or read timeout of the route or upstream.',
  }),
  loopDetected: defineError({
    code: 'gateway.loop_detected',
    status: 508,
    title: 'The request goes round in circles',
    operator:
      'It has passed as many gateways as `hopLimit` allows (counted in X-Tollgate-Hops): an upstream leads, by way of others, back to a gateway.',
  }),
  credentialRequired: defineError({
    code: 'gateway.credential_required',
    status: 401,
    title: 'This API needs a credential',
    operator: 'The route belongs to an API product and no policy has identified the caller.',
  }),
  otherProduct: defineError({
    code: 'gateway.product_not_subscribed',
    status: 403,
    title: 'Your subscription does not include this API',
    operator: 'The consumer’s plan belongs to another product than the route.',
  }),
  planMissing: defineError({
    code: 'gateway.plan_missing',
    status: 403,
    title: 'Your plan is not available',
    operator: 'The consumer names a consumer group that this data plane does not have; check the projection.',
  }),
  subscriptionPending: defineError({
    code: 'gateway.subscription_pending',
    status: 403,
    title: 'Your subscription is not approved yet',
    operator: 'Approve or reject the subscription in the portal.',
  }),
  subscriptionSuspended: defineError({
    code: 'gateway.subscription_suspended',
    status: 403,
    title: 'Your subscription is suspended',
    operator: 'Suspended by an admin or by the portal.',
  }),
  subscriptionExpired: defineError({
    code: 'gateway.subscription_expired',
    status: 403,
    title: 'Your subscription has ended',
    operator: 'The subscription was cancelled or ran out.',
  }),
  spendingStop: defineError({
    code: 'gateway.spending_stop',
    status: 403,
    title: 'The spending limit is reached',
    operator: 'A spending stop is in force until the period ends or the limit is raised.',
  }),
  quotaExhausted: defineError({
    code: 'gateway.quota_exhausted',
    status: 429,
    title: 'The quota of your plan is used up',
    operator:
      'Billable calls of the period reached the plan’s quota, or this data plane’s lease of it; see `GET …/subscriptions/{id}/quota`.',
  }),
  tenantSuspended: defineError({
    code: 'gateway.tenant_suspended',
    status: 403,
    title: 'This API is not available at present',
    operator: 'The tenant or the group is suspended.',
  }),
} as const;
