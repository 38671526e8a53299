/** Spans of time that can be looked at, the last of which ends now. */
export const ranges = ['1h', '24h', '7d', '30d', '90d'] as const;
export type Range = (typeof ranges)[number];

/** How finely a span is cut. */
export type Interval = 'minute' | 'hour' | 'day';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const shapes: Readonly<Record<Range, { lengthMs: number; interval: Interval }>> = {
  '1h': { lengthMs: hour, interval: 'minute' },
  '24h': { lengthMs: day, interval: 'hour' },
  '7d': { lengthMs: 7 * day, interval: 'hour' },
  '30d': { lengthMs: 30 * day, interval: 'day' },
  '90d': { lengthMs: 90 * day, interval: 'day' },
};

const stepMs: Readonly<Record<Interval, number>> = { minute, hour, day };

/** A span as the report API takes it: whole steps, the one under way included. */
export interface Span {
  readonly from: string;
  readonly to: string;
  readonly interval: Interval;
}

/** The span of a range that ends with the step `now` (milliseconds) is in. */
export function spanOf(range: Range, now: number): Span {
  const { lengthMs, interval } = shapes[range];
  const step = stepMs[interval];
  const end = Math.floor(now / step) * step + step;
  return { from: new Date(end - lengthMs).toISOString(), to: new Date(end).toISOString(), interval };
}

/** The span of the same length before a span, `backMs` milliseconds earlier; by default right before it. */
export function spanBefore({ from, to, interval }: Span, backMs = Date.parse(to) - Date.parse(from)): Span {
  const earlier = (time: string): string => new Date(Date.parse(time) - backMs).toISOString();
  return { from: earlier(from), to: earlier(to), interval };
}
