import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { reportTooManyRows } from '../analytics/analytics.errors.ts';
import { usage, usageRange } from '../analytics/usage.endpoints.ts';
import { defineEndpoint } from '../endpoint.ts';
import { siteParams } from './portal-account.ts';

const common = {
  service: 'developer-portal',
  method: 'GET',
  kind: 'get',
  description:
    'Exact counts of everything accepted so far, with a point for every interval; a second or two behind the calls. 503 while they cannot be read.',
  access: { kind: 'developer' },
  query: usageRange,
  response: usage,
  errors: [reportTooManyRows, commonErrors.unavailable],
} as const;

export const getMySubscriptionUsage = defineEndpoint({
  ...common,
  operationId: 'getMySubscriptionUsage',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/usage',
  tag: 'Portal: subscriptions',
  summary: 'Count the calls of a subscription of one’s own over time',
  params: siteParams.extend({ subscriptionId: idSchema('sub') }),
});

export const getMyApplicationUsage = defineEndpoint({
  ...common,
  operationId: 'getMyApplicationUsage',
  path: '/api/v1/portal/{siteSlug}/applications/{applicationId}/usage',
  tag: 'Portal: applications',
  summary: 'Count the calls of all subscriptions of an application of one’s own over time',
  params: siteParams.extend({ applicationId: idSchema('app') }),
});
