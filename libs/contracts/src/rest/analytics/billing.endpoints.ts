import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { billingTooManyLines } from './analytics.errors.ts';
import { subscriptionLabel } from './call-report.endpoints.ts';
import { currency, price } from './prices.endpoints.ts';

const calls = z.number().int().nonnegative();
const amountMinor = z
  .number()
  .int()
  .nonnegative()
  .meta({ description: 'In the smallest unit of the currency (cents for EUR), rounded half to even.' });

const who = {
  consumer: z
    .string()
    .nullable()
    .meta({ description: 'Id of the subscription, name of another consumer, or null for anonymous calls.' }),
  subscription: subscriptionLabel.nullable(),
  planVersionId: idSchema('plv').nullable(),
  billableCalls: calls,
};

/** Calls of one subscription under one price: one rounding. */
export const billingLine = z
  .object({
    ...who,
    planVersionId: idSchema('plv'),
    price: price.pick({ id: true, model: true, unitPrice: true, tiers: true, perCalls: true, includedCalls: true }),
    currency,
    amountMinor,
  })
  .meta({ id: 'BillingLine' });
export type BillingLine = z.output<typeof billingLine>;

/** Why calls cost nothing. */
export const unpricedReasons = ['not-sold', 'no-plan', 'no-price'] as const;
export type UnpricedReason = (typeof unpricedReasons)[number];

/** Billable calls for which no price was in force. */
export const unpricedUsage = z
  .object({
    ...who,
    reason: z.enum(unpricedReasons).meta({
      description:
        '`not-sold`: made without a subscription, on routes that no product sells or that one gives away without a key; nothing is missing. ' +
        '`no-plan`: the plan of the subscription is not known yet. `no-price`: the plan had no price then.',
    }),
  })
  .meta({ id: 'UnpricedUsage' });
export type UnpricedUsage = z.output<typeof unpricedUsage>;

/** What a period would be invoiced at, from everything counted so far. */
export const billingPreview = z
  .object({
    period: z.string(),
    timeZone: z.string().meta({ description: 'The tenant’s billing zone; months begin at its midnight.' }),
    from: timestamp,
    to: timestamp,
    lines: z.array(billingLine),
    unpriced: z.array(unpricedUsage),
    totals: z.array(z.object({ currency, amountMinor })),
    billableCalls: calls.meta({
      description: 'All billable calls of the period: those of the lines and the unpriced ones.',
    }),
  })
  .meta({ id: 'BillingPreview' });
export type BillingPreview = z.output<typeof billingPreview>;

export const getBillingPreview = defineEndpoint({
  service: 'analytics',
  operationId: 'getBillingPreview',
  method: 'GET',
  path: '/api/v1/billing/preview',
  kind: 'get',
  tag: 'Billing',
  summary: 'Price the billable calls of a month',
  description:
    'Each minute is priced by what was in force then. Included calls and tiers count over the whole period, also across prices.',
  access: { kind: 'permission', permission: 'billing.read' },
  query: z.strictObject({
    period: z
      .string()
      .regex(/^2\d{3}-(0[1-9]|1[0-2])$/, 'A month like 2026-05.')
      .meta({ description: 'Calendar month in the billing zone.', examples: ['2026-05'] }),
  }),
  response: billingPreview,
  errors: [billingTooManyLines],
});
