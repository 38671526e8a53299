import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summariseLatency } from './latency.ts';

const bucketOf = (latencyUs: number) => Math.floor(Math.log2(latencyUs) * 4);

describe('the latency of a report', () => {
  it('is null without calls', () => {
    expect(summariseLatency([], 0)).toBeNull();
  });

  it('has every percentile within 19 % of the true one, whatever the latencies and the order of buckets', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 60_000_000 }), { minLength: 1, maxLength: 200 }), (latencies) => {
        const histogram = latencies.map((latency) => [bucketOf(latency), 1] as const);
        const ascending = latencies.toSorted((a, b) => a - b);
        const summary = summariseLatency(
          histogram,
          latencies.reduce((sum, latency) => sum + latency, 0),
        );
        for (const [name, share] of [
          ['p50Ms', 0.5],
          ['p95Ms', 0.95],
          ['p99Ms', 0.99],
        ] as const) {
          const exactUs = ascending[Math.ceil(latencies.length * share) - 1] ?? 0;
          const foundUs = (summary?.[name] ?? 0) * 1_000;
          expect(Math.abs(foundUs - exactUs)).toBeLessThanOrEqual(exactUs * 0.19 + 1);
        }
      }),
    );
  });

  it('has the exact mean', () => {
    expect(summariseLatency([[40, 3]], 3_600)?.meanMs).toBe(1.2);
  });
});
