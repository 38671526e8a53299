import { describe, expect, it } from 'vitest';
import { LatencySketch } from './latency-sketch.ts';

describe('a latency sketch', () => {
  it('counts every latency in its bucket, in ascending order, however they come', () => {
    const sketch = new LatencySketch();
    for (const latencyUs of [1000, 16, 1_000_000, 16, 1000, 64, 2e12, 0, 1000]) sketch.add(latencyUs);
    expect(sketch.toPairs()).toEqual([
      [0, 1],
      [16, 2],
      [24, 1],
      [39, 3],
      [79, 1],
      [159, 1],
    ]);
  });

  it('starts anew', () => {
    const sketch = new LatencySketch();
    for (const latencyUs of [16, 64, 256]) sketch.add(latencyUs);
    sketch.clear();
    expect(sketch.toPairs()).toEqual([]);
    sketch.add(64);
    expect(sketch.toPairs()).toEqual([[24, 1]]);
  });
});
