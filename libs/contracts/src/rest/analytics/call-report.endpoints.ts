import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { reportTooManyRows } from './analytics.errors.ts';

/** What a report of calls can be grouped by; at most one of the three spans of time. */
export const reportDimensions = ['group', 'route', 'subscription', 'status', 'minute', 'hour', 'day'] as const;
export type ReportDimension = (typeof reportDimensions)[number];

const timeDimensions: readonly ReportDimension[] = ['minute', 'hour', 'day'];

const groupBy = z
  .string()
  .max(100)
  .default('')
  .refine((list) => list.split(',').every((name) => list === '' || isDimension(name)), 'One of the names is not known.')
  .transform((list) => list.split(',').filter(isDimension))
  .refine((dimensions) => new Set(dimensions).size === dimensions.length, 'Each may be named once.')
  .refine(
    (dimensions) => dimensions.filter((dimension) => timeDimensions.includes(dimension)).length <= 1,
    'Only one of minute, hour and day.',
  )
  .meta({
    description: `Comma-separated: ${reportDimensions.join(', ')}. Hours and days are UTC.`,
    examples: ['route,status'],
  });

function isDimension(name: string): name is ReportDimension {
  return (reportDimensions as readonly string[]).includes(name);
}

const count = z.number().int().nonnegative();

/** Measured from the request's head parsed to the answer sent; percentiles are exact within 19 %. */
export const latencySummary = z
  .object({ meanMs: z.number(), p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })
  .meta({ id: 'LatencySummary' });
export type LatencySummary = z.output<typeof latencySummary>;

const measures = {
  calls: count,
  billable: count.meta({ description: 'Calls that were forwarded to an upstream or answered from cache or mock.' }),
  bytesIn: count,
  bytesOut: count,
  latency: latencySummary.nullable().meta({ description: 'Null when there were no calls.' }),
};

/** Names that people know a subscription by; null where the portal has not told them yet. */
export const subscriptionLabel = z
  .object({
    applicationId: idSchema('app'),
    applicationName: z.string(),
    productName: z.string().nullable(),
    planName: z.string().nullable(),
  })
  .meta({ id: 'SubscriptionLabel' });
export type SubscriptionLabel = z.output<typeof subscriptionLabel>;

/** One row; of the fields before `calls` it has those that were grouped by. */
export const callReportRow = z
  .object({
    groupId: z.string().optional(),
    routeId: z.string().optional().meta({ description: '`none` for calls that no route matched.' }),
    routeName: z.string().nullable().optional().meta({ description: 'Null where the route has none.' }),
    consumer: z
      .string()
      .nullable()
      .optional()
      .meta({ description: 'Id of the subscription, name of another consumer, or null for anonymous calls.' }),
    subscription: subscriptionLabel.nullable().optional(),
    status: z.number().int().optional(),
    time: timestamp.optional().meta({ description: 'Start of the minute, hour or day.' }),
    ...measures,
  })
  .meta({ id: 'CallReportRow' });
export type CallReportRow = z.output<typeof callReportRow>;

/** Exact counts of calls; see page “Usage” of the guides for what a call is. */
export const callReport = z
  .object({
    from: timestamp,
    to: timestamp,
    rows: z.array(callReportRow),
    total: z.object(measures),
  })
  .meta({ id: 'CallReport' });
export type CallReport = z.output<typeof callReport>;

export const getCallReport = defineEndpoint({
  service: 'analytics',
  operationId: 'getCallReport',
  method: 'GET',
  path: '/api/v1/reports/calls',
  kind: 'get',
  tag: 'Analytics',
  summary: 'Count calls',
  description:
    'Counts are exact and include everything accepted so far. `from` is included, `to` is not; both are whole minutes, and whole ' +
    'hours or days where the counters of the range are kept by hour or day only.',
  access: { kind: 'permission', permission: 'analytics.read' },
  query: z.strictObject({
    from: timestamp,
    to: timestamp,
    groupBy,
    groupId: idSchema('grp').optional(),
    routeId: z.string().min(1).max(64).optional(),
    subscriptionId: idSchema('sub').optional(),
    status: z.coerce.number().int().min(100).max(599).optional(),
  }),
  response: callReport,
  errors: [reportTooManyRows],
});
