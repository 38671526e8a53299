import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy.ts';

describe('a worker that ends', () => {
  it('is started again at once, unless it keeps ending: then more and more slowly', () => {
    const policy = new RestartPolicy();
    const pauses = Array.from({ length: 10 }, () => policy.ended(0).afterMs);
    expect(pauses).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('is started at most nine times within a minute', () => {
    const policy = new RestartPolicy();
    let starts = 0;
    for (let now = 0; now < 60_000; now += policy.ended(now).afterMs) starts++;
    expect(starts).toBeLessThanOrEqual(9);
  });

  it('is in trouble after the sixth time within a minute, for as long as that', () => {
    const policy = new RestartPolicy();
    expect([0, 1, 2, 3, 4].map((now) => policy.ended(now).isLooping)).not.toContain(true);
    expect(policy.ended(5000).isLooping).toBe(true);
    expect(policy.isLooping(59_000)).toBe(true);
    expect(policy.isLooping(61_000)).toBe(false);
  });
});
