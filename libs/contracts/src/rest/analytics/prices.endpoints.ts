import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { priceInPast, priceTimeTaken } from './analytics.errors.ts';

/** Exact decimal in text, so that no reader rounds it. */
export const unitPrice = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})(\.\d{1,12})?$/, 'A decimal like 0.0025: up to 9 digits before and 12 after the point.')
  .meta({ description: 'Decimal in the major unit of the currency, not rounded.', examples: ['0.0025'] });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Three capital letters (ISO 4217).')
  .meta({ description: 'ISO 4217 code.', examples: ['EUR'] });

/** How calls become money. */
export const priceModels = ['per-call', 'package', 'tiered'] as const;
export type PriceModel = (typeof priceModels)[number];

const callCount = z.number().int().min(1).max(1_000_000_000_000);

const priceTier = z.strictObject({
  upToCalls: callCount
    .nullable()
    .meta({ description: 'Last call of the tier within the period; null for the last tier.' }),
  unitPrice,
});
export type PriceTier = z.output<typeof priceTier>;

const terms = z.strictObject({
  model: z
    .enum(priceModels)
    .default('per-call')
    .meta({
      description:
        '`per-call`: `unitPrice` for every `perCalls` calls, in proportion. `package`: `unitPrice` for every begun `perCalls` calls. ' +
        '`tiered`: like `per-call`, each call at the price of the tier it falls in.',
    }),
  unitPrice: unitPrice.optional().meta({ description: 'Needed unless the model is `tiered`.' }),
  tiers: z.array(priceTier).min(1).max(20).optional().meta({ description: 'For the model `tiered` only.' }),
  perCalls: callCount.default(1).meta({ description: 'How many calls a unit price is for.' }),
  includedCalls: callCount
    .or(z.literal(0))
    .default(0)
    .meta({ description: 'Billable calls of a period that cost nothing.' }),
});

/** What a price says, apart from whom it is for and since when. */
export type PriceTerms = z.output<typeof terms>;

const newPrice = terms
  .extend({
    planVersionId: idSchema('plv'),
    currency,
    effectiveFrom: timestamp.optional().meta({
      description:
        'In force from this minute on, until the next price of the plan version. Default: the present minute.',
    }),
  })
  .superRefine((price, context) => {
    const isTiered = price.model === 'tiered';
    if (isTiered !== (price.tiers !== undefined)) {
      context.addIssue({ code: 'custom', path: ['tiers'], message: 'Needed for the model `tiered`, and only there.' });
    }
    if (isTiered === (price.unitPrice !== undefined)) {
      context.addIssue({ code: 'custom', path: ['unitPrice'], message: 'Needed unless the model is `tiered`.' });
    }
    if (price.tiers !== undefined && !isAscending(price.tiers)) {
      context.addIssue({
        code: 'custom',
        path: ['tiers'],
        message: 'Each tier ends after the one before; the last, and only the last, has no end.',
      });
    }
  });

function isAscending(tiers: readonly PriceTier[]): boolean {
  return tiers.every(({ upToCalls }, index) => {
    const next = tiers[index + 1];
    if (next === undefined) return upToCalls === null;
    return upToCalls !== null && (next.upToCalls === null || next.upToCalls > upToCalls);
  });
}

/** An immutable price of a plan version. */
export const price = z
  .object({
    ...terms.shape,
    id: idSchema('prc'),
    planVersionId: idSchema('plv'),
    currency,
    effectiveFrom: timestamp,
    createdAt: timestamp,
  })
  .meta({ id: 'Price' });
export type Price = z.output<typeof price>;

export const createPrice = defineEndpoint({
  service: 'analytics',
  operationId: 'createPrice',
  method: 'POST',
  path: '/api/v1/prices',
  kind: 'create',
  tag: 'Billing',
  summary: 'Set the price of a plan version from some time on',
  description: 'Prices never change; a new one replaces the present one from its `effectiveFrom` on.',
  access: { kind: 'permission', permission: 'billing.write' },
  body: newPrice,
  response: price,
  errors: [priceTimeTaken, priceInPast],
  audit: 'price.create',
  dryRun: true,
});

export const listPrices = defineEndpoint({
  service: 'analytics',
  operationId: 'listPrices',
  method: 'GET',
  path: '/api/v1/prices',
  kind: 'list',
  tag: 'Billing',
  summary: 'List prices',
  access: { kind: 'permission', permission: 'billing.read' },
  query: pageQuery.extend({ planVersionId: idSchema('plv').optional() }),
  response: pageOf(price),
});

export const getPrice = defineEndpoint({
  service: 'analytics',
  operationId: 'getPrice',
  method: 'GET',
  path: '/api/v1/prices/{priceId}',
  kind: 'get',
  tag: 'Billing',
  summary: 'Read a price',
  access: { kind: 'permission', permission: 'billing.read' },
  params: z.strictObject({ priceId: idSchema('prc') }),
  response: price,
});
