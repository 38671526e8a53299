import type { PriceTerms } from '@tollgate/contracts/rest/analytics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BillableUsage } from './billing.repository.ts';
import { priceUsage } from './price-usage.ts';

const terms: PriceTerms = { model: 'per-call', unitPrice: '0.005', perCalls: 1, includedCalls: 0 };
const price = (id: string, change: Partial<PriceTerms> = {}, currency = 'EUR') => ({
  id,
  currency,
  terms: { ...terms, ...change },
});
const used = (change: Partial<BillableUsage> = {}): BillableUsage => ({
  consumer: 'sub_1',
  planVersionId: 'plv_1',
  price: price('prc_1'),
  billable: 1n,
  ...change,
});

const anyUsage = fc.array(
  fc.record({
    consumer: fc.constantFrom('', 'sub_1', 'sub_2'),
    planVersionId: fc.constantFrom('plv_1', 'plv_2'),
    price: fc.constantFrom(null, price('prc_1'), price('prc_2', { unitPrice: '0.0125' }), price('prc_3', {}, 'JPY')),
    billable: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  }),
  { maxLength: 20 },
);

describe('pricing usage', () => {
  it('leaves no call out and counts none twice', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { lines, unpriced } = priceUsage(usage);
        const sum = (parts: readonly { billable: bigint }[]) =>
          parts.reduce((total, { billable }) => total + billable, 0n);
        expect(sum(lines) + sum(unpriced)).toBe(sum(usage));
        expect(unpriced).toEqual(usage.filter((part) => part.price === null));
      }),
    );
  });

  it('adds the lines of each currency up', () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const { lines, totals } = priceUsage(usage);
        for (const { currency, amountMinor } of totals) {
          const ofCurrency = lines.filter((line) => line.price.currency === currency);
          expect(amountMinor).toBe(ofCurrency.reduce((sum, line) => sum + line.amountMinor, 0n));
        }
        expect(totals.map(({ currency }) => currency)).toEqual(
          [...new Set(lines.map((line) => line.price.currency))].toSorted(),
        );
      }),
    );
  });

  it('rounds once per line, half to even', () => {
    const { lines } = priceUsage([used({ billable: 1n }), used({ consumer: 'sub_2', billable: 3n })]);
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([0n, 2n]);
  });

  it('goes on with included calls from one price of a plan version to the next, not from one subscription to another', () => {
    const { lines } = priceUsage([
      used({ billable: 60n, price: price('prc_1', { unitPrice: '1', includedCalls: 100 }) }),
      used({ billable: 60n, price: price('prc_2', { unitPrice: '1', includedCalls: 100 }) }),
      used({ consumer: 'sub_2', billable: 60n, price: price('prc_2', { unitPrice: '1', includedCalls: 100 }) }),
    ]);
    expect(lines.map(({ amountMinor }) => amountMinor)).toEqual([0n, 2_000n, 0n]);
  });
});
