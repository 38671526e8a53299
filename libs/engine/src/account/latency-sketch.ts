/** Buckets per doubling of latency: a quantile is right to within 19 %. */
const bucketsPerDoubling = 4;
const lastBucket = 159;

/** A latency histogram of at most 160 logarithmic buckets; sketches of different minutes or instances can be added up. */
export class LatencySketch {
  readonly #counts = new Map<number, number>();

  /** Counts one latency in microseconds. */
  add(latencyUs: number): void {
    const bucket = bucketOf(latencyUs);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }

  /** `[bucket, count]` in ascending order; bucket b holds [2^(b/4), 2^((b+1)/4)) µs, the first and last also what lies beyond. */
  toPairs(): [number, number][] {
    return [...this.#counts].sort(([a], [b]) => a - b);
  }
}

function bucketOf(latencyUs: number): number {
  if (latencyUs <= 1) return 0;
  return Math.min(lastBucket, Math.floor(Math.log2(latencyUs) * bucketsPerDoubling));
}
