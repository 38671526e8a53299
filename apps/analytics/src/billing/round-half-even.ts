import type { ExactAmount } from './charge.ts';

/**
 * An amount in the minor unit of its currency, rounded once: to the nearest, and from the middle to the even one.
 * @param minorDigits digits of the minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.
 */
export function toMinorUnits({ numerator, denominator }: ExactAmount, minorDigits: number): bigint {
  const scaled = numerator * 10n ** BigInt(minorDigits);
  const floor = scaled / denominator;
  const twiceRest = (scaled % denominator) * 2n;
  const isUp = twiceRest > denominator || (twiceRest === denominator && floor % 2n === 1n);
  return isUp ? floor + 1n : floor;
}
