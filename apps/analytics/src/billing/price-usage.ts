import type { PriceTerms } from '@tollgate/contracts/rest/analytics';
import { minorDigitsOf } from '../prices/currencies.ts';
import type { BillableUsage } from './billing.repository.ts';
import { chargeFor } from './charge.ts';
import { toMinorUnits } from './round-half-even.ts';

/** Calls of one consumer under one price, with their amount. */
export interface PricedLine {
  readonly consumer: string;
  readonly planVersionId: string;
  readonly price: { readonly id: string; readonly currency: string; readonly terms: PriceTerms };
  readonly billable: bigint;
  readonly amountMinor: bigint;
}

/** Usage of a period in money. */
export interface PricedUsage {
  readonly lines: PricedLine[];
  readonly unpriced: BillableUsage[];
  /** Sum of the lines by currency, ordered by currency. */
  readonly totals: { currency: string; amountMinor: bigint }[];
}

/**
 * Prices usage: one rounding per line. The usage of a consumer comes in the order in which its prices were in force, because included calls
 * and tiers go on from one price of a plan version to the next.
 */
export function priceUsage(usage: readonly BillableUsage[]): PricedUsage {
  const callsBefore = new Map<string, bigint>();
  const totals = new Map<string, bigint>();
  const lines: PricedLine[] = [];
  const unpriced: BillableUsage[] = [];
  for (const used of usage) {
    const { consumer, planVersionId, price, billable } = used;
    if (planVersionId === null || price === null) {
      unpriced.push(used);
      continue;
    }
    const account = `${consumer}\n${planVersionId}`;
    const before = callsBefore.get(account) ?? 0n;
    callsBefore.set(account, before + billable);
    const charge = chargeFor(price.terms, { before, count: billable });
    const amountMinor = toMinorUnits(charge, minorDigits(price.currency));
    totals.set(price.currency, (totals.get(price.currency) ?? 0n) + amountMinor);
    lines.push({ consumer, planVersionId, price, billable, amountMinor });
  }
  return {
    lines,
    unpriced,
    totals: [...totals]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, amountMinor]) => ({ currency, amountMinor })),
  };
}

function minorDigits(currency: string): number {
  const digits = minorDigitsOf(currency);
  if (digits === undefined) throw new Error(`currency ${currency} was stored but is not in ISO 4217`);
  return digits;
}
