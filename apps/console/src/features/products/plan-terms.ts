import type { PlanTerms } from './products.ts';

/** Terms as they are typed. Empty numbers mean that there is no such bound. */
export interface TermsDraft {
  limitCalls: string;
  windowSeconds: string;
  quotaCalls: string;
  period: 'day' | 'month';
  approval: 'automatic' | 'manual';
}

export const emptyTerms: TermsDraft = {
  limitCalls: '',
  windowSeconds: '60',
  quotaCalls: '',
  period: 'month',
  approval: 'manual',
};

export function draftOf({ limit, quota, approval }: PlanTerms): TermsDraft {
  return {
    limitCalls: limit === null ? '' : String(limit.calls),
    windowSeconds: String(limit?.windowSeconds ?? 60),
    quotaCalls: quota === null ? '' : String(quota.calls),
    period: quota?.period ?? 'month',
    approval,
  };
}

export function termsOf({ limitCalls, windowSeconds, quotaCalls, period, approval }: TermsDraft): PlanTerms {
  return {
    limit: isEmpty(limitCalls) ? null : { calls: Number(limitCalls), windowSeconds: Number(windowSeconds) },
    quota: isEmpty(quotaCalls) ? null : { calls: Number(quotaCalls), period },
    approval,
  };
}

/** Number fields give numbers, and an empty text when they are cleared. */
export const isEmpty = (typed: string | number): boolean => String(typed).trim() === '';
/** A whole number of at least one, or nothing. */
export const isCount = (typed: string | number): boolean => isEmpty(typed) || /^[1-9]\d{0,14}$/.test(String(typed));
