import type { PriceTerms } from '@tollgate/contracts/rest/analytics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFor, scaledPrice } from './charge.ts';
import { toMinorUnits } from './round-half-even.ts';

const terms = (change: Partial<PriceTerms>): PriceTerms => ({
  model: 'per-call',
  perCalls: 1,
  includedCalls: 0,
  ...(change.model === 'tiered' ? {} : { unitPrice: '0.01' }),
  ...change,
});
const cents = (price: PriceTerms, count: number, before = 0) =>
  toMinorUnits(chargeFor(price, { before: BigInt(before), count: BigInt(count) }), 2);

const decimal = fc
  .tuple(
    fc.integer({ min: 0, max: 999 }),
    fc.integer({ min: 0, max: 12 }),
    fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
  )
  .map(([whole, digits, fraction]) =>
    digits === 0 ? `${whole}` : `${whole}.${fraction.toString().padStart(12, '0').slice(0, digits)}`,
  );
const callCount = fc.integer({ min: 1, max: 10_000 });
const anyTerms: fc.Arbitrary<PriceTerms> = fc.oneof(
  fc.record({
    model: fc.constantFrom('per-call' as const, 'package' as const),
    unitPrice: decimal,
    perCalls: callCount,
    includedCalls: fc.integer({ min: 0, max: 5_000 }),
  }),
  fc
    .tuple(fc.uniqueArray(callCount, { maxLength: 4 }), fc.array(decimal, { minLength: 5, maxLength: 5 }), callCount)
    .map(([ends, prices, perCalls]) => ({
      model: 'tiered' as const,
      perCalls,
      includedCalls: 0,
      tiers: [...ends.toSorted((a, b) => a - b), null].map((upToCalls, index) => ({
        upToCalls,
        unitPrice: prices[index] ?? '0',
      })),
    })),
);

describe('charging calls', () => {
  it.each([
    ['each call', terms({ unitPrice: '0.0025' }), 1_000, 250n],
    ['calls by the thousand in proportion', terms({ unitPrice: '2.50', perCalls: 1_000 }), 1_500, 375n],
    ['calls beyond the included ones', terms({ includedCalls: 100 }), 150, 50n],
    ['nothing within the included ones', terms({ includedCalls: 100 }), 100, 0n],
    ['begun packages', terms({ model: 'package', unitPrice: '1', perCalls: 100 }), 101, 200n],
    [
      'each tier at its own price',
      terms({
        model: 'tiered',
        tiers: [
          { upToCalls: 10, unitPrice: '1' },
          { upToCalls: 20, unitPrice: '0.5' },
          { upToCalls: null, unitPrice: '0.1' },
        ],
      }),
      30,
      1_600n,
    ],
  ])('charges %s', (_what, price, count, expected) => {
    expect(cents(price, count)).toBe(expected);
  });

  it('goes on in tiers and included calls where the calls before left off', () => {
    const price = terms({ includedCalls: 100 });
    expect(cents(price, 50, 80)).toBe(30n);
  });

  it('costs the same however a period is cut', () => {
    fc.assert(
      fc.property(
        anyTerms,
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 6 }),
        (price, parts) => {
          let before = 0n;
          let sum = 0n;
          for (const part of parts) {
            sum += chargeFor(price, { before, count: BigInt(part) }).numerator;
            before += BigInt(part);
          }
          expect(sum).toBe(chargeFor(price, { before: 0n, count: before }).numerator);
        },
      ),
    );
  });

  it('never costs less for more calls', () => {
    fc.assert(
      fc.property(anyTerms, fc.nat(100_000), fc.nat(100_000), (price, count, more) => {
        const charge = (calls: number) => chargeFor(price, { before: 0n, count: BigInt(calls) }).numerator;
        expect(charge(count + more) >= charge(count)).toBe(true);
      }),
    );
  });

  it('reads decimals exactly', () => {
    expect(scaledPrice('0.000000000001')).toBe(1n);
    expect(scaledPrice('123456789.1')).toBe(123_456_789_100_000_000_000n);
    fc.assert(
      fc.property(decimal, (text) => {
        const scaled = scaledPrice(text).toString().padStart(13, '0');
        const shown = `${scaled.slice(0, -12)}.${scaled.slice(-12)}`;
        const [whole = '', fraction = ''] = text.split('.');
        expect(shown).toBe(`${whole}.${fraction.padEnd(12, '0')}`);
      }),
    );
  });
});

describe('rounding to minor units', () => {
  it.each([
    [5n, 1000n, 0n],
    [15n, 1000n, 2n],
    [25n, 1000n, 2n],
    [35n, 1000n, 4n],
    [2501n, 100_000n, 3n],
    [1n, 3n, 33n],
    [2n, 3n, 67n],
  ])('takes %s/%s to %s cents', (numerator, denominator, expected) => {
    expect(toMinorUnits({ numerator, denominator }, 2)).toBe(expected);
  });

  it('is never further off than half a unit, and even in the middle', () => {
    const amount = fc.record({
      numerator: fc.bigInt({ min: 0n, max: 10n ** 30n }),
      denominator: fc.bigInt({ min: 1n, max: 10n ** 18n }),
    });
    fc.assert(
      fc.property(amount, fc.constantFrom(0, 2, 3, 4), (exact, digits) => {
        const scaled = exact.numerator * 10n ** BigInt(digits);
        const rounded = toMinorUnits(exact, digits);
        const twiceOff = (rounded * exact.denominator - scaled) * 2n;
        const distance = twiceOff < 0n ? -twiceOff : twiceOff;
        expect(distance <= exact.denominator).toBe(true);
        if (distance === exact.denominator) expect(rounded % 2n).toBe(0n);
      }),
    );
  });
});
