import { z } from 'zod';
import { tryRequest, tryResponse, tryScope, tryTrace } from '../../dataplane/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp } from '../fields.ts';
import { gatewayErrors } from './gateway.errors.ts';
import { groupParams } from './groups.ts';

/** Largest body that carries a request with 64 KiB of its own, escaped. */
const bodyLimitBytes = 512 * 1024;

const response = tryResponse.nullable().meta({ description: 'Null: there was no whole answer within 10 seconds.' });

/** What a request that was played through a data plane has shown. */
export const triedRequest = z
  .object({
    dataPlane: z.object({ id: idSchema('dp'), name: displayName, revision: z.number().int().nonnegative() }),
    triedAt: timestamp,
    response,
    trace: tryTrace,
  })
  .meta({ id: 'TriedRequest' });
export type TriedRequest = z.output<typeof triedRequest>;

export const createTryRequest = defineEndpoint({
  service: 'gateway-manager',
  tag: 'Gateway groups',
  operationId: 'createTryRequest',
  method: 'POST',
  path: '/api/v1/gateway-groups/{groupId}/try-requests',
  kind: 'action',
  summary: 'Try a request and see why it got its answer',
  description:
    'Plays the request through one data plane of the gateway group, with what it has in force, and tells what it did. The call is real: it reaches the upstream, is counted, limited and, under a subscription, billed like any other. Takes up to 15 seconds.',
  access: { kind: 'permission', permission: 'config.write' },
  params: groupParams,
  body: z.strictObject({
    request: tryRequest,
    dataPlaneId: idSchema('dp').optional().meta({ description: 'Default: the one with the newest revision.' }),
    clientAddress: z
      .union([z.ipv4(), z.ipv6()])
      .optional()
      .meta({ description: 'Where the request seems to come from; default 192.0.2.1, which is nobody’s.' }),
  }),
  response: triedRequest,
  errors: [gatewayErrors.noDataPlaneOnline, gatewayErrors.tryNotAnswered, gatewayErrors.tryHostUnknown],
  inLanguages: ['/trace/refusal/detail', '/trace/policies/*/detail'],
  audit: 'request.try',
  rateLimit: 'sensitive',
  bodyLimitBytes,
});

/** Plays a request for another service, which answers for who may ask; acts in the tenant that the caller names. */
export const tryRequestForService = defineEndpoint({
  service: 'gateway-manager',
  tag: 'Try requests',
  operationId: 'tryRequestForService',
  method: 'POST',
  path: '/internal/v1/gateway-groups/{groupId}/try-requests',
  kind: 'action',
  summary: 'Play a request through a data plane of a gateway group, to some routes only',
  access: { kind: 'service' },
  params: groupParams,
  body: z.strictObject({ request: tryRequest, scope: tryScope }),
  response: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('done'), response, trace: tryTrace }),
    z.object({ outcome: z.enum(['no-data-plane', 'not-answered', 'host-unknown']) }),
  ]),
  audit: 'request.try',
  bodyLimitBytes,
});
