import type { PriceTerms, PriceTier } from '@tollgate/contracts/rest/analytics';

/** A non-negative amount of the major unit of a currency, exact: `numerator / denominator`. */
export interface ExactAmount {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Digits that unit prices may have after the point; all are brought to this scale. */
const priceDigits = 12;
const priceScale = 10n ** BigInt(priceDigits);

/** A unit price in units of 10^-12. */
export function scaledPrice(unitPrice: string): bigint {
  const [whole = '0', fraction = ''] = unitPrice.split('.');
  return BigInt(whole) * priceScale + BigInt(fraction.padEnd(priceDigits, '0'));
}

/**
 * What the calls from one position within the period to another cost, exactly. Included calls and tiers count from the beginning of the
 * period, so `before` says how many billable calls came earlier.
 */
export function chargeFor(terms: PriceTerms, calls: { before: bigint; count: bigint }): ExactAmount {
  const upTo = chargeUpTo(terms, calls.before + calls.count) - chargeUpTo(terms, calls.before);
  const isPackage = terms.model === 'package';
  return { numerator: upTo, denominator: priceScale * (isPackage ? 1n : BigInt(terms.perCalls)) };
}

/** Cost of the first `position` calls of a period; its denominator is the one that {@link chargeFor} gives. */
function chargeUpTo(terms: PriceTerms, position: bigint): bigint {
  const included = BigInt(terms.includedCalls);
  const chargeable = position > included ? position - included : 0n;
  switch (terms.model) {
    case 'per-call':
      return chargeable * scaledPrice(unitPriceOf(terms));
    case 'package': {
      const size = BigInt(terms.perCalls);
      return ((chargeable + size - 1n) / size) * scaledPrice(unitPriceOf(terms));
    }
    case 'tiered':
      return chargeByTier(terms.tiers ?? [], { from: included, to: included + chargeable });
  }
}

function chargeByTier(tiers: readonly PriceTier[], calls: { from: bigint; to: bigint }): bigint {
  let sum = 0n;
  let start = 0n;
  for (const { upToCalls, unitPrice } of tiers) {
    const end = upToCalls === null ? calls.to : BigInt(upToCalls);
    const inTier = least(end, calls.to) - greatest(start, calls.from);
    if (inTier > 0n) sum += inTier * scaledPrice(unitPrice);
    start = end;
  }
  return sum;
}

function unitPriceOf({ unitPrice, model }: PriceTerms): string {
  if (unitPrice === undefined) throw new Error(`a price of the model ${model} has no unit price`);
  return unitPrice;
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const greatest = (a: bigint, b: bigint) => (a > b ? a : b);
