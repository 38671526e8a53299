import type { LatencySummary } from '@tollgate/contracts/rest/analytics';

/** Counts by bucket; bucket b holds latencies in [2^(b/4), 2^((b+1)/4)) microseconds. */
export type LatencyHistogram = readonly (readonly [bucket: number, count: number])[];

/** Mean and percentiles; null when nothing was counted. A percentile is the geometric middle of the bucket it lies in. */
export function summariseLatency(histogram: LatencyHistogram, sumUs: number): LatencySummary | null {
  const ascending = histogram.toSorted(([a], [b]) => a - b);
  const count = ascending.reduce((sum, [, inBucket]) => sum + inBucket, 0);
  if (count === 0) return null;
  const percentileMs = (share: number) => milliseconds(middleOf(bucketAt(ascending, Math.ceil(count * share))));
  return {
    meanMs: milliseconds(sumUs / count),
    p50Ms: percentileMs(0.5),
    p95Ms: percentileMs(0.95),
    p99Ms: percentileMs(0.99),
  };
}

/** The bucket of the n-th fastest call. */
function bucketAt(ascending: LatencyHistogram, rank: number): number {
  let seen = 0;
  for (const [bucket, count] of ascending) {
    seen += count;
    if (seen >= rank) return bucket;
  }
  return ascending.at(-1)?.[0] ?? 0;
}

function middleOf(bucket: number): number {
  return 2 ** ((bucket + 0.5) / 4);
}

/** Rounded to whole microseconds. */
function milliseconds(microseconds: number): number {
  return Math.round(microseconds) / 1_000;
}
