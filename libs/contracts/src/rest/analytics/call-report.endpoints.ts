import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { fileAnswer } from '../file-answer.ts';
import { timestamp } from '../fields.ts';
import { reportTooManyRows } from './analytics.errors.ts';

/** What a report of calls can be grouped by; at most one of the three spans of time. */
export const reportDimensions = [
  'group',
  'route',
  'subscription',
  'status',
  'statusClass',
  'tried',
  'minute',
  'hour',
  'day',
] as const;
export type ReportDimension = (typeof reportDimensions)[number];

/** The spans of time among them. */
export const timeDimensions: readonly ReportDimension[] = ['minute', 'hour', 'day'];

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

/** First digit of a status. */
export const statusClass = z.enum(['1xx', '2xx', '3xx', '4xx', '5xx']);
export type StatusClass = z.output<typeof statusClass>;

/** What rows can be ordered by, most first: calls, those answered with 4xx or 5xx, or the 95th percentile of latency. */
export const reportOrders = ['calls', 'errors', 'p95'] as const;
export type ReportOrder = (typeof reportOrders)[number];

/** Rows of a report at most. */
export const maxReportRows = 5_000;

/** Measured from the request's head parsed to the answer sent; percentiles are exact within 19 %. */
export const latencySummary = z
  .object({ meanMs: z.number(), p50Ms: z.number(), p95Ms: z.number(), p99Ms: z.number() })
  .meta({ id: 'LatencySummary' });
export type LatencySummary = z.output<typeof latencySummary>;

const measures = {
  calls: count,
  errors4xx: count.meta({ description: 'Calls answered with 400 to 499.' }),
  errors5xx: count.meta({ description: 'Calls answered with 500 to 599.' }),
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
    statusClass: statusClass.optional(),
    isTried: z.boolean().optional().meta({
      description: 'True: somebody tried these requests in console or portal; false: clients made these calls.',
    }),
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

const reportQuery = z.strictObject({
  from: timestamp,
  to: timestamp,
  groupBy,
  groupId: idSchema('grp').optional(),
  routeId: z.string().min(1).max(64).optional(),
  subscriptionId: idSchema('sub').optional(),
  applicationId: idSchema('app').optional(),
  productId: idSchema('prd').optional(),
  status: z.coerce.number().int().min(100).max(599).optional(),
  statusClass: statusClass.optional(),
  tries: z.enum(['included', 'excluded', 'only']).default('included').meta({
    description:
      'Requests that somebody tried in console or portal: counted with the calls of clients, left out, or alone.',
  }),
  orderBy: z.enum(reportOrders).optional().meta({
    description: 'Most first; `errors` are 4xx and 5xx. Default: by what is grouped by, and `calls` with a limit.',
  }),
  limit: z.coerce.number().int().min(1).max(maxReportRows).optional().meta({
    description: 'The first so many rows; `total` still counts all calls. Without it too many rows are refused.',
  }),
  fill: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({
      description: '`true` adds rows of no calls, so that none is missing; when grouped by a span of time alone.',
    }),
});
export type ReportQuery = z.output<typeof reportQuery>;

const report = {
  service: 'analytics',
  method: 'GET',
  kind: 'get',
  tag: 'Analytics',
  access: { kind: 'permission', permission: 'analytics.read' },
  query: reportQuery,
  errors: [reportTooManyRows],
} as const;

export const getCallReport = defineEndpoint({
  ...report,
  operationId: 'getCallReport',
  path: '/api/v1/reports/calls',
  summary: 'Count calls',
  description:
    'Counts are exact and include everything accepted so far. `from` is included, `to` is not; both are whole minutes, and whole ' +
    'hours or days where the counters of the range are kept by hour or day only.',
  response: callReport,
});

export const exportCallReport = defineEndpoint({
  ...report,
  operationId: 'exportCallReport',
  path: '/api/v1/reports/calls.csv',
  summary: 'Count calls, as a file for spreadsheets',
  description:
    'The rows of the same report as CSV (RFC 4180, UTF-8 with a byte order mark). A text that a spreadsheet would take for a formula ' +
    'gets an apostrophe before it.',
  file: ['text/csv'],
  response: fileAnswer,
});
