/** Months as the billing API names them: `2026-05`. */

/** Whether something is the name of a month. */
export function isPeriod(value: unknown): value is string {
  return typeof value === 'string' && /^2\d{3}-(0[1-9]|1[0-2])$/.test(value);
}

/** The month that `now` is in, by UTC. */
export function presentPeriod(now: Date): string {
  return now.toISOString().slice(0, 7);
}

/** The month before. */
export function monthBefore(period: string): string {
  return shifted(period, -1);
}

/** The month after. */
export function monthAfter(period: string): string {
  return shifted(period, 1);
}

/** “May 2026”. */
export function periodName(period: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  );
}

function shifted(period: string, months: number): string {
  const [year = 0, month = 1] = period.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
}
