import { z } from 'zod';
import { currency, priceTerms, type PriceTier } from '../../events/price-terms.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { priceInPast, priceTimeTaken } from './analytics.errors.ts';

export {
  currency,
  type PriceModel,
  priceModels,
  type PriceTerms,
  type PriceTier,
  unitPrice,
} from '../../events/price-terms.ts';

const newPrice = priceTerms
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
    ...priceTerms.shape,
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
