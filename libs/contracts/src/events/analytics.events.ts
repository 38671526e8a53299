import { z } from 'zod';
import { maxUsageWatermarks, usageWatermarkSchema } from '../gateway/access-state.ts';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';
import { planQuota } from './portal.events.ts';

/** Whether a quota counts calls of days or of months. */
export const quotaPeriod = planQuota.shape.period;
export type QuotaPeriod = z.output<typeof quotaPeriod>;

/** How much of its quota a subscription has used, and what that was computed from. */
export const quotaMeteredData = z.object({
  subscriptionId: idSchema('sub'),
  planVersionId: idSchema('plv'),
  period: quotaPeriod,
  periodStart: z.iso.datetime(),
  /** Not part of the period. */
  periodEnd: z.iso.datetime(),
  limit: z.number().int().positive(),
  used: z.number().int().nonnegative(),
  /** Up to which batch of which data plane all calls are among those used. */
  watermarks: z.array(usageWatermarkSchema).max(maxUsageWatermarks),
});
export type QuotaMetered = z.output<typeof quotaMeteredData>;

export const quotaMetered = defineEvent({
  type: 'analytics.quota.metered.v1',
  topic: 'tollgate.analytics.quota',
  description:
    'How much of its quota a subscription has used in the present period; keyed by subscription, about two a second at most. Each tells all, so older ones are ignored.',
  data: quotaMeteredData,
});
