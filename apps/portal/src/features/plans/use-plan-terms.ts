import { useFormat, useLanguage } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { useI18n } from 'vue-i18n';
import { type PriceWords, priceWords } from './price-words.ts';

/** A plan as the catalogue offers it. */
export type OfferedPlan = components['schemas']['OfferedPlan'];

const windows: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };

/** What holds under a plan, be it on offer or not. */
export type TermsOfPlan = Pick<OfferedPlan, 'limit' | 'quota' | 'approval' | 'keyless'>;

/** What a plan says, as sentences of the present language. */
export function usePlanTerms() {
  const { t } = useI18n();
  const format = useFormat();
  const { language } = useLanguage();

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
    /** What calls cost. */
    price: ({ price }: Pick<OfferedPlan, 'price'>): PriceWords =>
      priceWords(price, { t: (key, values = {}) => t(key, values), language: language.value }),
  };
}
