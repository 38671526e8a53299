import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.ts';

function retriesOf(budget: RetryBudget, wanted: number, nowMs: number): number {
  let count = 0;
  for (let index = 0; index < wanted && budget.isLeft(nowMs); index++) {
    budget.spend(nowMs);
    count++;
  }
  return count;
}

describe('the retry budget', () => {
  it('is a fifth of the calls and ten in ten seconds', () => {
    const budget = new RetryBudget();
    for (let index = 0; index < 100; index++) budget.earn();
    expect(retriesOf(budget, 1000, 1)).toBe(30);
    expect(retriesOf(budget, 1000, 9_999)).toBe(0);
    expect(retriesOf(budget, 1000, 10_001)).toBe(10);
  });

  it('does not save up what was earned long ago', () => {
    const budget = new RetryBudget();
    for (let index = 0; index < 100_000; index++) budget.earn();
    expect(retriesOf(budget, 1000, 1)).toBe(60);
  });
});
