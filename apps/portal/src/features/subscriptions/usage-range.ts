/** Spans of time that usage can be looked at. */
export const usageSpans = ['day', 'week', 'month', 'quarter'] as const;
export type UsageSpan = (typeof usageSpans)[number];

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const lengths: Readonly<Record<UsageSpan, { readonly interval: 'hour' | 'day'; readonly count: number }>> = {
  day: { interval: 'hour', count: 24 },
  week: { interval: 'day', count: 7 },
  month: { interval: 'day', count: 30 },
  quarter: { interval: 'day', count: 90 },
};

/** What to ask the API for: whole hours or days of UTC, the present one included; ends with the present minute. */
export function usageRange(span: UsageSpan, now: number): { from: string; to: string; interval: 'hour' | 'day' } {
  const { interval, count } = lengths[span];
  const step = interval === 'hour' ? hour : day;
  const from = Math.floor(now / step) * step - (count - 1) * step;
  const to = Math.ceil((now + 1) / minute) * minute;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), interval };
}
