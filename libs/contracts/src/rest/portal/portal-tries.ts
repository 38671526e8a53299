import { z } from 'zod';
import { nearMiss, tryRequest, tryResponse, tryTrace } from '../../dataplane/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { gatewayErrors } from '../gateway/gateway.errors.ts';
import { siteParams } from './portal-account.ts';
import { portalErrors } from './portal.errors.ts';

const common = { service: 'developer-portal', tag: 'Portal: try it', access: { kind: 'developer' } } as const;

/** A key for a page, shown once. */
export const tryCredential = z
  .object({
    id: idSchema('crd'),
    subscriptionId: idSchema('sub'),
    key: z.string().meta({ description: 'Shown once; only its SHA-256 is stored.' }),
    expiresAt: timestamp,
  })
  .meta({ id: 'TryCredential', description: 'A key of a subscription that ends by itself after 15 minutes.' });
export type TryCredential = z.output<typeof tryCredential>;

export const createTryCredential = defineEndpoint({
  ...common,
  operationId: 'createTryCredential',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/try-credentials',
  kind: 'create',
  summary: 'Get a key for 15 minutes of a subscription of one’s own',
  description:
    'For pages that try the API. It passes wherever a key of the subscription does, within a second, and its calls count as the subscription’s. Not among the keys of the subscription; a sixth ends the oldest.',
  params: siteParams.extend({ subscriptionId: idSchema('sub') }),
  response: tryCredential,
  errors: [portalErrors.stateConflict, portalErrors.developerNotApproved],
  audit: 'credential.try',
  rateLimit: 'sensitive',
  withoutIdempotencyKey: 'The answer holds a key that is stored nowhere, so it cannot be repeated.',
});

/** Why a developer's request got its answer; nothing of what stands behind the gateway. */
export const tryExplanation = z
  .object({
    requestId: z.string().nullable(),
    route: tryTrace.shape.route,
    nearMisses: z.array(nearMiss.omit({ routeId: true })).max(5),
    subscriptionId: z
      .string()
      .nullable()
      .meta({ description: 'The subscription that the key belongs to; null: none.' }),
    answeredBy: z.enum(['api', 'gateway']),
    refusal: z
      .object({
        by: z.string().nullable().meta({ description: 'Name of the policy; null: the gateway itself.' }),
        status: z.number().int(),
        code: z.string(),
        detail: z.string(),
        docsUrl: z.string(),
      })
      .nullable(),
    billable: z.boolean(),
    totalMs: z.number(),
    apiMs: z.number().meta({ description: 'Of these, how long the API took.' }),
  })
  .meta({ id: 'TryExplanation' });
export type TryExplanation = z.output<typeof tryExplanation>;

/** What came back for a developer. */
export const portalTriedRequest = z
  .object({
    groupId: idSchema('grp'),
    triedAt: timestamp,
    response: tryResponse.nullable().meta({ description: 'Null: there was no whole answer within 10 seconds.' }),
    explanation: tryExplanation,
  })
  .meta({ id: 'PortalTriedRequest' });
export type PortalTriedRequest = z.output<typeof portalTriedRequest>;

export const createPortalTryRequest = defineEndpoint({
  ...common,
  operationId: 'createPortalTryRequest',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/products/{productId}/try-requests',
  kind: 'action',
  summary: 'Try a request to a product and see why it got its answer',
  description:
    'Goes through a data plane of a gateway group that sells the product, to the routes of the product only. The page puts a key into a header itself, as any client does. Takes up to 15 seconds.',
  params: siteParams.extend({ productId: idSchema('prd') }),
  body: z.strictObject({
    request: tryRequest,
    groupId: idSchema('grp')
      .optional()
      .meta({ description: 'Default: the first gateway group that sells the product.' }),
    subscriptionId: idSchema('sub')
      .optional()
      .meta({ description: 'One’s own subscription to the product, for the audit log.' }),
  }),
  response: portalTriedRequest,
  inLanguages: ['/explanation/refusal/detail'],
  errors: [
    portalErrors.developerNotApproved,
    gatewayErrors.noDataPlaneOnline,
    gatewayErrors.tryNotAnswered,
    gatewayErrors.tryHostUnknown,
  ],
  audit: 'request.try',
  rateLimit: 'sensitive',
  bodyLimitBytes: 512 * 1024,
});
