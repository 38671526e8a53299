import type { CallCounts } from './reports.repository.ts';

/** What rows that leave no call out are together. */
export function totalCounts(rows: readonly CallCounts[]): CallCounts {
  const sum = (measure: 'calls' | 'errors4xx' | 'errors5xx' | 'billable' | 'bytesIn' | 'bytesOut' | 'latencySumUs') =>
    rows.reduce((total, row) => total + row[measure], 0);
  const histogram = new Map<number, number>();
  for (const row of rows) {
    for (const [bucket, count] of row.histogram) histogram.set(bucket, (histogram.get(bucket) ?? 0) + count);
  }
  return {
    calls: sum('calls'),
    errors4xx: sum('errors4xx'),
    errors5xx: sum('errors5xx'),
    billable: sum('billable'),
    bytesIn: sum('bytesIn'),
    bytesOut: sum('bytesOut'),
    latencySumUs: sum('latencySumUs'),
    histogram: [...histogram],
  };
}
