import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { reportTooManyRows } from './analytics.errors.ts';
import { latencySummary } from './call-report.endpoints.ts';

const count = z.number().int().nonnegative();

const figures = {
  calls: count.meta({ description: 'All calls, whatever they were answered.' }),
  errors4xx: count.meta({ description: 'Calls answered with 400 to 499.' }),
  errors5xx: count.meta({ description: 'Calls answered with 500 to 599.' }),
  latency: latencySummary.nullable().meta({ description: 'Null when there were no calls.' }),
};

export const usageInterval = z.enum(['hour', 'day']);
export type UsageInterval = z.output<typeof usageInterval>;

/** Which time usage is asked for. */
export const usageRange = z.strictObject({
  from: timestamp.meta({ description: 'Included; a whole minute.' }),
  to: timestamp.meta({ description: 'Not included; a whole minute, 366 days after `from` at most.' }),
  interval: usageInterval.default('day').meta({ description: 'Hours and days are UTC.' }),
});
export type UsageRange = z.output<typeof usageRange>;

/** Calls over time; a point for every interval, also for those without calls. */
export const usage = z
  .object({
    from: timestamp,
    to: timestamp,
    interval: usageInterval,
    points: z.array(z.object({ time: timestamp.meta({ description: 'Start of the interval.' }), ...figures })),
    total: z.object(figures),
  })
  .meta({ id: 'Usage' });
export type Usage = z.output<typeof usage>;

/** Usage for those who show it to developers; service access, acts in the tenant that the caller names. */
export const readUsage = defineEndpoint({
  service: 'analytics',
  operationId: 'readUsage',
  method: 'GET',
  path: '/internal/v1/usage',
  kind: 'get',
  tag: 'Analytics',
  summary: 'Count the calls of a subscription or an application over time',
  access: { kind: 'service' },
  query: usageRange
    .extend({ subscriptionId: idSchema('sub').optional(), applicationId: idSchema('app').optional() })
    .refine(
      ({ subscriptionId, applicationId }) => (subscriptionId === undefined) !== (applicationId === undefined),
      'Either a subscription or an application.',
    ),
  response: usage,
  errors: [reportTooManyRows],
});
