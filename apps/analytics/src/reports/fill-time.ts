import { maxReportRows, type ReportDimension } from '@tollgate/contracts/rest/analytics';
import type { ReportRange } from './choose-roll-up.ts';

const spanMs: Partial<Record<ReportDimension, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Adds what is missing to rows that are grouped by one span of time alone: `empty`, at each start of a span in the range. It stops at one row
 * more than a report may have.
 */
export function fillTime<Row extends { readonly time?: Date }>(
  rows: readonly Row[],
  { from, to, groupBy }: ReportRange,
  empty: Row,
): Row[] {
  const span = groupBy.flatMap((dimension) => spanMs[dimension] ?? [])[0];
  if (span === undefined) return [...rows];
  const known = new Map(rows.map((row) => [row.time?.getTime(), row]));
  const first = Math.floor(from.getTime() / span) * span;
  const length = Math.min(Math.ceil((to.getTime() - first) / span), maxReportRows + 1);
  return Array.from({ length }, (_, index) => {
    const time = first + index * span;
    return known.get(time) ?? { ...empty, time: new Date(time) };
  });
}
