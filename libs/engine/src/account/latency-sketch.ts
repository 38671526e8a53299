/** Buckets per doubling of latency: a quantile is right to within 19 %. */
const bucketsPerDoubling = 4;
const lastBucket = 159;

/** A latency histogram of at most 160 logarithmic buckets; sketches of different minutes or instances can be added up. */
export class LatencySketch {
  /** Bucket, count, bucket, count … in the order of their first use: latencies of one route fall into few buckets. */
  readonly #counts: number[] = [];

  /** Counts one latency in microseconds. */
  add(latencyUs: number): void {
    const bucket = bucketOf(latencyUs);
    const counts = this.#counts;
    for (let index = 0; index < counts.length; index += 2) {
      if (counts[index] === bucket) {
        counts[index + 1]!++;
        return;
      }
    }
    counts.push(bucket, 1);
  }

  /** `[bucket, count]` in ascending order; bucket b holds [2^(b/4), 2^((b+1)/4)) µs, the first and last also what lies beyond. */
  toPairs(): [number, number][] {
    const pairs: [number, number][] = [];
    for (let index = 0; index < this.#counts.length; index += 2) {
      pairs.push([this.#counts[index]!, this.#counts[index + 1]!]);
    }
    return pairs.sort(([a], [b]) => a - b);
  }
}

function bucketOf(latencyUs: number): number {
  if (latencyUs <= 1) return 0;
  return Math.min(lastBucket, Math.floor(Math.log2(latencyUs) * bucketsPerDoubling));
}
