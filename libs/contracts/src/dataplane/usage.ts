import { z } from 'zod';
import { idSchema } from '../ids/index.ts';

/** Route value of calls for a known host that no route matched. */
export const noRoute = 'none';

/** Counters of one (minute, group, route, subscription, status) cell, those of tries apart. */
export const usageRow = z.object({
  /** Start of the UTC minute, seconds since the epoch, corrected by the measured clock offset. */
  minute: z.number().int().nonnegative().multipleOf(60),
  groupId: idSchema('grp'),
  tenantId: idSchema('tnt'),
  /** Id of the route, or `none`. */
  routeId: z.string().min(1).max(64),
  /** Name of the consumer (`sub_…` for portal subscriptions), or null for anonymous calls. */
  consumer: z.string().max(100).nullable(),
  /** Somebody tried a request in console or portal. Those of the console are never billable. */
  tried: z.literal(true).optional(),
  /** Final HTTP status; 499 where the client went away before the answer. */
  status: z.number().int().min(100).max(599),
  calls: z.number().int().positive(),
  /** How many of `calls` were forwarded to an upstream or answered from cache or mock. */
  billable: z.number().int().nonnegative(),
  /** Sum of latencies in microseconds, from head parsed to answer sent. */
  latencySumUs: z.number().int().nonnegative(),
  /** Sparse log-bucket histogram: [bucket, count]; bucket b holds latencies in [2^(b/4), 2^((b+1)/4)) microseconds. */
  latency: z.array(z.tuple([z.number().int().min(0).max(159), z.number().int().positive()])).max(160),
  bytesIn: z.number().int().nonnegative(),
  bytesOut: z.number().int().nonnegative(),
});
export type UsageRow = z.infer<typeof usageRow>;

/** One sequence-numbered batch of a data plane's write-ahead file. */
export const usageBatch = z.object({
  /** 128 random bits per process start, hex. */
  epoch: z.string().regex(/^[0-9a-f]{32}$/),
  /** 1, 2, 3 … within an epoch, no gaps. */
  sequence: z.number().int().positive(),
  rows: z.array(usageRow).min(1).max(5000),
});
export type UsageBatch = z.infer<typeof usageBatch>;
