import { z } from 'zod';

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

/** What a price says, apart from whom it is for and since when. */
export const priceTerms = z.strictObject({
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

/** See {@link priceTerms}. */
export type PriceTerms = z.output<typeof priceTerms>;
