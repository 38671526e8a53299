import { describe, expect, it } from 'vitest';
import { measureRounds, medianOf } from './pairs.ts';
import { median, percentile } from './statistics.ts';

describe('rounds', () => {
  it('measure every contestant once, in turning order', async () => {
    const order: string[] = [];
    const rounds = await measureRounds(['a', 'b', 'c'], 3, async (name, round) => {
      order.push(name);
      return `${name}${round}`;
    });
    expect(order.join('')).toBe('abccbaabc');
    expect(rounds[1]).toEqual({ a: 'a1', b: 'b1', c: 'c1' });
  });

  it('give the median of what is taken from each, so that one disturbed pair does not count', () => {
    const rounds = [1, 1.1, 0.9, 30, 1].map((ratio) => ({ ratio }));
    expect(medianOf(rounds, ({ ratio }) => ratio, 5)).toBe(1);
  });

  it('are not enough when pairs are missing or have no value', () => {
    const rounds = [1, 2, 3, 4, Number.NaN].map((ratio) => ({ ratio }));
    expect(() => medianOf(rounds, ({ ratio }) => ratio, 5)).toThrow('pairs are missing: 4 of 5');
    expect(() => medianOf([], () => 1, 0)).toThrow('pairs are missing');
  });
});

describe('statistics', () => {
  it('take the nearest rank as percentile', () => {
    const hundred = Int32Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow('no values');
  });

  it('take the mean of both values in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow('no values');
  });
});
