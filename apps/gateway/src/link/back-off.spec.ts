import { describe, expect, it } from 'vitest';
import { BackOff } from './back-off.ts';

describe('pauses between tries', () => {
  it('double up to a bound and start small again after a success', () => {
    const backOff = new BackOff({ firstMs: 100, longestMs: 350 }, () => 1);
    expect([backOff.next(), backOff.next(), backOff.next(), backOff.next()]).toEqual([100, 200, 350, 350]);
    backOff.reset();
    expect(backOff.next()).toBe(100);
  });

  it('are spread over the upper half of the bound', () => {
    expect(new BackOff({ firstMs: 100, longestMs: 350 }, () => 0).next()).toBe(50);
  });
});
