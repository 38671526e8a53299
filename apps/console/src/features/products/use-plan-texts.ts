import { useFormat, useLanguage } from '@tollgate/ui';
import { useI18n } from 'vue-i18n';
import type { PlanTerms, Price } from './products.ts';

const namedWindows: Readonly<Record<number, string>> = { 1: 'second', 60: 'minute', 3600: 'hour', 86_400: 'day' };

/** Terms and prices of plans as people read them. */
export function usePlanTexts() {
  const { t } = useI18n();
  const format = useFormat();
  const { language } = useLanguage();

  const money = (amount: string, currency: string): string =>
    new Intl.NumberFormat(language.value, { style: 'currency', currency, maximumFractionDigits: 12 }).format(
      Number(amount),
    );

  return {
    money,
    limit({ limit }: Pick<PlanTerms, 'limit'>): string {
      if (limit === null) return t('products.plans.noLimit');
      const window = namedWindows[limit.windowSeconds];
      const calls = format.number(limit.calls);
      return window === undefined
        ? t('products.plans.perSeconds', { calls, n: limit.windowSeconds }, limit.windowSeconds)
        : t(`products.plans.per.${window}`, { calls }, limit.calls);
    },
    quota({ quota }: Pick<PlanTerms, 'quota'>): string {
      if (quota === null) return t('products.plans.noQuota');
      return t(`products.plans.quotaPer.${quota.period}`, { calls: format.number(quota.calls) }, quota.calls);
    },
    price({ model, unitPrice, perCalls, tiers, currency }: Price): string {
      if (model === 'tiered') {
        const first = tiers?.[0]?.unitPrice ?? '0';
        const last = tiers?.at(-1)?.unitPrice ?? '0';
        return t('products.price.tieredText', { from: money(first, currency), to: money(last, currency) });
      }
      const values = { amount: money(unitPrice ?? '0', currency), calls: format.number(perCalls) };
      return t(model === 'package' ? 'products.price.packageText' : 'products.price.perCallText', values, perCalls);
    },
    included: ({ includedCalls }: Price): string | undefined =>
      includedCalls === 0
        ? undefined
        : t('products.price.included', { calls: format.number(includedCalls) }, includedCalls),
  };
}
