import { useFormat, useLanguage } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { useI18n } from 'vue-i18n';

/** A plan as the catalogue offers it. */
export type OfferedPlan = components['schemas']['OfferedPlan'];

const windows: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };

/** What holds under a plan, be it on offer or not. */
export type TermsOfPlan = Pick<OfferedPlan, 'limit' | 'quota' | 'approval' | 'keyless'>;

type PlanPrice = components['schemas']['PlanPrice'];

/** Everything that a price asks for calls is nothing. */
function isFree({ unitPrice, tiers }: PlanPrice): boolean {
  return [unitPrice ?? '0', ...(tiers ?? []).map((tier) => tier.unitPrice)].every((amount) => Number(amount) === 0);
}

/** What a plan says, as sentences of the present language. */
export function usePlanTerms() {
  const { t } = useI18n();
  const format = useFormat();
  const { language } = useLanguage();

  /** Unit prices are exact: no digit is rounded away, and none is added to those that the currency has. */
  const money = (amount: string, currency: string): string =>
    new Intl.NumberFormat(language.value, { style: 'currency', currency, maximumFractionDigits: 12 }).format(
      amount as `${number}`,
    );

  return {
    /** How many calls in which window. */
    limit({ limit }: Pick<OfferedPlan, 'limit'>): string {
      if (limit === null) return t('plans.noLimit');
      const calls = format.number(limit.calls);
      const window = windows[limit.windowSeconds];
      return window === undefined
        ? t('plans.limit.seconds', { calls, seconds: format.number(limit.windowSeconds) })
        : t(`plans.limit.${window}`, { calls });
    },
    /** How many calls in a calendar day or month. */
    quota({ quota }: Pick<OfferedPlan, 'quota'>): string {
      if (quota === null) return t('plans.noQuota');
      return t(`plans.quota.${quota.period}`, { calls: format.number(quota.calls) });
    },
    /** How one gets in. */
    approval({ approval, keyless }: Pick<OfferedPlan, 'approval' | 'keyless'>): string {
      return t(keyless ? 'plans.keyless' : `plans.approval.${approval}`);
    },
    /** What calls cost; a plan without a price costs nothing. */
    price({ price }: Pick<OfferedPlan, 'price'>): string {
      if (price === null || isFree(price)) return t('plans.price.free');
      const { model, unitPrice = '0', tiers = [], perCalls, currency } = price;
      const kind = perCalls === 1 ? 'one' : model === 'package' ? 'package' : 'many';
      const lowest = tiers.map((tier) => tier.unitPrice).sort((a, b) => Number(a) - Number(b))[0];
      const amount = money(lowest ?? unitPrice, currency);
      const text = t(`plans.price.${kind}`, { amount, calls: format.number(perCalls) });
      return model === 'tiered' ? t('plans.price.from', { price: text }) : text;
    },
    /** What costs nothing of what has a price; undefined when nothing is included. */
    included({ price }: Pick<OfferedPlan, 'price'>): string | undefined {
      if (price === null || price.includedCalls === 0 || isFree(price)) return undefined;
      return t('plans.price.included', { calls: format.number(price.includedCalls) });
    },
    /** The tiers of a price, a line each; none for other prices. */
    tiers({ price }: Pick<OfferedPlan, 'price'>): string[] {
      if (price === null || price.tiers === undefined || isFree(price)) return [];
      const kind = price.perCalls === 1 ? 'one' : 'many';
      return price.tiers.map(({ upToCalls, unitPrice }) => {
        const amount = money(unitPrice, price.currency);
        const text = t(`plans.price.${kind}`, { amount, calls: format.number(price.perCalls) });
        return upToCalls === null
          ? t('plans.price.beyond', { price: text })
          : t('plans.price.upTo', { calls: format.number(upToCalls), price: text });
      });
    },
  };
}
