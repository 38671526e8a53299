import type { Price } from './products.ts';

export interface TierDraft {
  upToCalls: string;
  unitPrice: string;
}

/** A price as it is typed. */
export interface PriceDraft {
  model: Price['model'];
  currency: string;
  unitPrice: string;
  perCalls: string;
  includedCalls: string;
  tiers: TierDraft[];
  /** Local time of a browser's field; empty means now. */
  effectiveFrom: string;
}

export const emptyPrice: PriceDraft = {
  model: 'per-call',
  currency: 'EUR',
  unitPrice: '',
  perCalls: '1',
  includedCalls: '0',
  tiers: [
    { upToCalls: '1000', unitPrice: '' },
    { upToCalls: '', unitPrice: '' },
  ],
  effectiveFrom: '',
};

/** A draft that begins with what a plan version costs now. */
export function priceDraftOf(price: Price | undefined): PriceDraft {
  if (price === undefined) return emptyPrice;
  return {
    model: price.model,
    currency: price.currency,
    unitPrice: price.unitPrice ?? '',
    perCalls: String(price.perCalls),
    includedCalls: String(price.includedCalls),
    tiers:
      price.tiers?.map(({ upToCalls, unitPrice }) => ({ upToCalls: String(upToCalls ?? ''), unitPrice })) ??
      emptyPrice.tiers,
    effectiveFrom: '',
  };
}

/** What the API takes. The last tier has no end. */
export function newPriceOf(draft: PriceDraft, planVersionId: string) {
  const { model, currency, unitPrice, perCalls, includedCalls, tiers, effectiveFrom } = draft;
  const last = tiers.length - 1;
  return {
    planVersionId,
    model,
    currency: currency.trim().toUpperCase(),
    perCalls: Number(perCalls),
    includedCalls: Number(includedCalls),
    ...(model === 'tiered'
      ? {
          tiers: tiers.map((tier, index) => ({
            upToCalls: index === last ? null : Number(tier.upToCalls),
            unitPrice: tier.unitPrice.trim(),
          })),
        }
      : { unitPrice: unitPrice.trim() }),
    ...(effectiveFrom === '' ? {} : { effectiveFrom: new Date(effectiveFrom).toISOString() }),
  };
}

export const isAmount = (typed: string): boolean => /^(0|[1-9]\d{0,8})(\.\d{1,12})?$/.test(typed.trim());
export const isWholeNumber = (typed: string): boolean => /^(0|[1-9]\d{0,12})$/.test(typed.trim());

/** Tiers that end one after the other, each with a price. */
export function areTiersRight(tiers: readonly TierDraft[]): boolean {
  const ends = tiers.slice(0, -1).map(({ upToCalls }) => upToCalls);
  return (
    tiers.every(({ unitPrice }) => isAmount(unitPrice)) &&
    ends.every((end, index) => isWholeNumber(end) && Number(end) > Number(ends[index - 1] ?? 0))
  );
}
