/** Buckets per doubling of latency: a quantile is right to within 19 %. */
const bucketsPerDoubling = 4;
const lastBucket = 159;
const none = -1;

/** A latency histogram of at most 160 logarithmic buckets; sketches of different minutes or instances can be added up. */
export class LatencySketch {
  /** Latencies of one route fall into few buckets, mostly into these two. */
  #bucketA = none;
  #countA = 0;
  #bucketB = none;
  #countB = 0;
  /** Bucket, count, bucket, count … of the others in the order of their first use. */
  #others: number[] | null = null;

  /** Counts one latency in microseconds. */
  add(latencyUs: number): void {
    const bucket = bucketOf(latencyUs);
    if (this.#bucketA === bucket) this.#countA++;
    else if (this.#bucketB === bucket) this.#countB++;
    else this.#addElsewhere(bucket);
  }

  /** `[bucket, count]` in ascending order; bucket b holds [2^(b/4), 2^((b+1)/4)) µs, the first and last also what lies beyond. */
  toPairs(): [number, number][] {
    const pairs: [number, number][] = [];
    if (this.#bucketA !== none) pairs.push([this.#bucketA, this.#countA]);
    if (this.#bucketB !== none) pairs.push([this.#bucketB, this.#countB]);
    const others = this.#others ?? [];
    for (let index = 0; index < others.length; index += 2) pairs.push([others[index]!, others[index + 1]!]);
    return pairs.sort(([a], [b]) => a - b);
  }

  /** Starts anew. */
  clear(): void {
    this.#bucketA = none;
    this.#countA = 0;
    this.#bucketB = none;
    this.#countB = 0;
    this.#others = null;
  }

  #addElsewhere(bucket: number): void {
    if (this.#bucketA === none) {
      this.#bucketA = bucket;
      this.#countA = 1;
    } else if (this.#bucketB === none) {
      this.#bucketB = bucket;
      this.#countB = 1;
    } else {
      addTo((this.#others ??= []), bucket);
    }
  }
}

function addTo(counts: number[], bucket: number): void {
  for (let index = 0; index < counts.length; index += 2) {
    if (counts[index] === bucket) {
      counts[index + 1]!++;
      return;
    }
  }
  counts.push(bucket, 1);
}

function bucketOf(latencyUs: number): number {
  if (latencyUs <= 1) return 0;
  return Math.min(lastBucket, Math.floor(Math.log2(latencyUs) * bucketsPerDoubling));
}
