import { DateTime } from 'luxon';

/** A calendar month in a billing zone. `to` is not part of it. */
export interface BillingPeriod {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The month as two moments.
 * @param period `YYYY-MM`
 * @param zone IANA name, e.g. `Europe/Berlin`.
 */
export function billingPeriod(period: string, zone: string): BillingPeriod {
  const start = DateTime.fromFormat(period, 'yyyy-MM', { zone });
  if (!start.isValid) throw new Error(`no billing period: ${period} in ${zone}`);
  return { from: start.toJSDate(), to: start.plus({ months: 1 }).toJSDate() };
}
