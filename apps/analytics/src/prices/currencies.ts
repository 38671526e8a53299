import currencyCodes from 'currency-codes';

/** Digits after the point of a currency's minor unit by ISO 4217, or undefined when there is no such currency. */
export function minorDigitsOf(currency: string): number | undefined {
  return currencyCodes.code(currency)?.digits;
}
