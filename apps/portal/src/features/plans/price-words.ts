import type { components } from '@tollgate/client';

/** What calls cost in a plan; null for one that has no price. */
export type PlanPrice = components['schemas']['PlanPrice'] | null;

/** Texts of the present language. */
export interface PriceTexts {
  readonly t: (key: string, values?: Record<string, string>) => string;
  readonly language: string;
}

/** A price as people read it. */
export interface PriceWords {
  /** The price itself; of tiers the lowest. A plan without a price costs nothing. */
  readonly price: string;
  /** What costs nothing of what has a price; undefined when nothing is included. */
  readonly included: string | undefined;
  /** The tiers, a line each; none for other prices. */
  readonly tiers: readonly string[];
}

/** Says a price in words. Amounts are exact: no digit is rounded away. */
export function priceWords(price: PlanPrice, { t, language }: PriceTexts): PriceWords {
  const { model, unitPrice = '0', tiers = [], perCalls, includedCalls, currency } = price ?? nothing;
  const amounts = tiers.length > 0 ? tiers.map((tier) => tier.unitPrice) : [unitPrice];
  if (amounts.every((amount) => Number(amount) === 0)) {
    return { price: t('plans.price.free'), included: undefined, tiers: [] };
  }
  const calls = (count: number) => new Intl.NumberFormat(language).format(count);
  const money = new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 12 });
  const kind = model === 'package' ? 'package' : perCalls === 1 ? 'one' : 'many';
  const unit = (amount: string) =>
    t(`plans.price.${kind}`, { amount: money.format(amount as `${number}`), calls: calls(perCalls) });
  const lowest = amounts.reduce((least, amount) => (Number(amount) < Number(least) ? amount : least));
  return {
    price: tiers.length > 0 ? t('plans.price.from', { price: unit(lowest) }) : unit(lowest),
    included: includedCalls === 0 ? undefined : t('plans.price.included', { calls: calls(includedCalls) }),
    tiers: tiers.map((tier) =>
      tier.upToCalls === null
        ? t('plans.price.beyond', { price: unit(tier.unitPrice) })
        : t('plans.price.upTo', { calls: calls(tier.upToCalls), price: unit(tier.unitPrice) }),
    ),
  };
}

const nothing: NonNullable<PlanPrice> = { model: 'per-call', perCalls: 1, includedCalls: 0, currency: 'EUR' };
