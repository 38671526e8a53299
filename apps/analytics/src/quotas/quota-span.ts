import type { QuotaPeriod } from '@tollgate/contracts/events';
import { DateTime } from 'luxon';

/** A calendar day or month in a billing zone, seconds since the epoch. `end` is not part of it. */
export interface QuotaSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The day or month that a moment belongs to. Days of a change of clocks are as long as they are.
 * @param at seconds since the epoch.
 * @param zone IANA name, e.g. `Europe/Berlin`.
 */
export function quotaSpan(period: QuotaPeriod, zone: string, at: number): QuotaSpan {
  const moment = DateTime.fromSeconds(at, { zone });
  if (!moment.isValid) throw new Error(`no ${period} in ${zone} at ${at}`);
  const start = moment.startOf(period);
  const end = start.plus(period === 'day' ? { days: 1 } : { months: 1 }).startOf(period);
  return { start: start.toSeconds(), end: end.toSeconds() };
}

/** Finds spans of many moments that mostly fall into the same few. */
export class QuotaSpans {
  readonly #known = new Map<string, QuotaSpan[]>();

  of(period: QuotaPeriod, zone: string, at: number): QuotaSpan {
    const key = `${period} ${zone}`;
    const known = this.#known.get(key) ?? [];
    this.#known.set(key, known);
    const found = known.find(({ start, end }) => start <= at && at < end);
    if (found !== undefined) return found;
    const span = quotaSpan(period, zone, at);
    known.push(span);
    return span;
  }
}
