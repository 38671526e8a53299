import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { tryBody, tryField } from './try-request.ts';

const milliseconds = z.number().nonnegative();
const text = z.string().max(1000);

/** Why a route that is nearly right did not match. */
export const routeMismatches = ['host', 'path', 'method', 'client-address', 'vars'] as const;

/** A route that all but one of its conditions let match. */
export const nearMiss = z
  .object({
    routeId: z.string(),
    name: z.string().nullable(),
    mismatch: z.enum(routeMismatches).meta({ description: 'The one condition that the request does not meet.' }),
    expected: z.array(text).max(20).meta({ description: 'What the route asks for there; the first twenty.' }),
  })
  .meta({ id: 'TryNearMiss' });
export type NearMiss = z.output<typeof nearMiss>;

/** Where a policy that ran is configured. */
export const policySources = [
  'global',
  'route',
  'template',
  'service',
  'consumer',
  'consumer-group',
  'unknown',
] as const;

/** In which part of a call a policy ran. */
export const policyPhases = ['rewrite', 'request', 'request-body', 'response', 'response-body'] as const;

/** One policy at work, in one phase. Values of headers are never told. */
export const tracedPolicy = z
  .object({
    name: z.string(),
    phase: z.enum(policyPhases),
    source: z.object({ kind: z.enum(policySources), id: z.string().nullable() }),
    outcome: z
      .enum(['passed', 'changed', 'refused', 'answered', 'failed'])
      .meta({ description: '`answered`: it gave the answer itself; `failed`: it broke, which is a fault of ours.' }),
    status: z.number().int().nullable().meta({ description: 'Of the answer that it gave.' }),
    code: z.string().nullable().meta({ description: 'Error code of a refusal.' }),
    detail: text.nullable(),
    requestHeaders: z.array(text).max(200).meta({ description: 'Names of request headers that it changed.' }),
    responseHeaders: z.array(text).max(200).meta({ description: 'Names of response headers that it changed.' }),
    rewrote: z.array(z.enum(['method', 'target', 'host', 'body', 'status'])),
    authenticated: z.boolean().meta({ description: 'It found out who calls.' }),
    durationMs: milliseconds,
  })
  .meta({ id: 'TryPolicy' });
export type TracedPolicy = z.output<typeof tracedPolicy>;

/**
 * How asking a node ended: `unreachable` or `forbidden` before anything was sent, `closed` before a byte of the answer, `refused` unread by a
 * node that speaks HTTP/2, `pending` when the call ended first.
 */
export const nodeResults = [
  'answered',
  'unreachable',
  'forbidden',
  'closed',
  'reset',
  'malformed',
  'timeout',
  'refused',
  'pending',
] as const;
export type NodeResult = (typeof nodeResults)[number];

/** One node that was asked. */
export const tracedNode = z
  .object({
    node: z.string().meta({ description: 'host:port' }),
    result: z.enum(nodeResults),
    status: z.number().int().nullable(),
    durationMs: milliseconds,
  })
  .meta({ id: 'TryNode' });
export type TracedNode = z.output<typeof tracedNode>;

/** Why a request got its answer. */
export const tryTrace = z
  .object({
    requestId: z.string().nullable(),
    route: z
      .object({ id: z.string(), name: z.string().nullable(), pattern: z.string() })
      .nullable()
      .meta({ description: 'The route that matched; null: none.' }),
    nearMisses: z.array(nearMiss).max(5),
    allRoutesSeen: z.boolean().meta({ description: 'False where there are too many to look at all of them.' }),
    service: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
    upstream: z
      .object({
        id: z.string().nullable().meta({ description: 'Null: it is written inside its owner.' }),
        name: z.string().nullable(),
        owner: z.string().meta({ description: 'What refers to it, or holds it: `route/<id>` or `service/<id>`.' }),
      })
      .nullable(),
    consumer: z
      .object({
        id: z.string(),
        consumerGroupId: z.string().nullable(),
        credentialId: z.string().nullable(),
        labels: z.record(z.string(), z.string()),
      })
      .nullable(),
    policies: z.array(tracedPolicy).max(200),
    nodes: z.array(tracedNode).max(50).meta({ description: 'Tries, in order.' }),
    answeredBy: z.enum(['upstream', 'policy', 'gateway']),
    refusal: z
      .object({
        policy: z.string().nullable().meta({ description: 'Null: the gateway itself.' }),
        status: z.number().int(),
        code: z.string(),
        detail: text,
      })
      .nullable(),
    billable: z.boolean(),
    totalMs: milliseconds,
    gatewayMs: milliseconds,
    upstreamMs: milliseconds,
  })
  .meta({ id: 'TryTrace', description: 'What a data plane did with a request that was tried. Holds no secret.' });
export type TryTrace = z.output<typeof tryTrace>;

/** The answer as a client would have got it. */
export const tryResponse = z
  .object({
    status: z.number().int(),
    headers: z.array(tryField).max(500),
    body: tryBody,
    bodyBytes: z.number().int().nonnegative().meta({ description: 'Bytes that are told in `body`.' }),
    truncated: z.boolean().meta({ description: 'There was more than 64 KiB.' }),
    durationMs: milliseconds,
  })
  .meta({ id: 'TryResponse' });
export type TryResponse = z.output<typeof tryResponse>;

/** What became of a try on its data plane. */
export const tryOutcome = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('done'),
    response: tryResponse.nullable().meta({ description: 'Null: there was no whole answer in time.' }),
    trace: tryTrace,
  }),
  z.object({
    outcome: z.literal('failed'),
    reason: z.enum(['not-served', 'foreign-host', 'busy', 'broken']),
    detail: text,
  }),
]);
export type TryOutcome = z.output<typeof tryOutcome>;

/** Body of `POST /link/v1/tries`; the answer is 204. */
export const tryReport = z.object({ commandId: idSchema('cmd'), result: tryOutcome });
export type TryReport = z.output<typeof tryReport>;
