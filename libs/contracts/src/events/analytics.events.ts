import { z } from 'zod';
import { maxUsageWatermarks, usageWatermarkSchema } from '../gateway/access-state.ts';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';
import { planQuota } from './portal.events.ts';
import { currency, priceTerms } from './price-terms.ts';

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

/** A price of a plan version. It never changes; in force is the one that began last. */
export const priceSetData = z.object({
  priceId: idSchema('prc'),
  planVersionId: idSchema('plv'),
  currency,
  terms: z.object(priceTerms.shape),
  effectiveFrom: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});
export type PriceSet = z.output<typeof priceSetData>;

export const priceSet = defineEvent({
  type: 'analytics.price.set.v1',
  topic: 'tollgate.analytics.price',
  description: 'A plan version has a price from some time on, which may lie ahead; keyed by plan version.',
  data: priceSetData,
});
