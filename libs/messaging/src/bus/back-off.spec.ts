import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('a back-off', () => {
  it('doubles up to its longest pause, with jitter of at most a half', () => {
    const backOff = new BackOff({ firstMs: 100, longestMs: 1000 });
    for (const full of [100, 200, 400, 800, 1000, 1000]) {
      const pause = backOff.next();
      expect(pause).toBeGreaterThanOrEqual(full / 2);
      expect(pause).toBeLessThanOrEqual(full);
    }
  });

  it('starts again after a success', () => {
    const backOff = new BackOff({ firstMs: 100, longestMs: 10_000 });
    for (let failure = 0; failure < 5; failure += 1) backOff.next();
    backOff.reset();
    expect(backOff.next()).toBeLessThanOrEqual(100);
  });

  it('stops waiting when it is aborted', async () => {
    await new BackOff({ firstMs: 3_600_000, longestMs: 3_600_000 }).wait(AbortSignal.abort());
  });
});
