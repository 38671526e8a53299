import { describe, expect, it } from 'vitest';
import { arrangeFigures, describeBar, holds } from './verdict.ts';

describe('a bar', () => {
  it('is held up to its limit, and not beyond', () => {
    expect(holds({ figure: 'cpuRatio', most: 1.1 }, { cpuRatio: 1.1 })).toBe(true);
    expect(holds({ figure: 'cpuRatio', most: 1.1 }, { cpuRatio: 1.101 })).toBe(false);
    expect(holds({ figure: 'perSecond', least: 95 }, { perSecond: 94 })).toBe(false);
  });

  it('is missed when its figure is missing', () => {
    expect(holds({ figure: 'cpuRatio', most: 1.1 }, {})).toBe(false);
    expect(describeBar({ figure: 'cpuRatio', most: 1.1 }, {})).toBe('cpuRatio must be at most 1.1 and is missing');
  });

  it('with an alternative is held by either', () => {
    const bar = { figure: 'p99Ratio', most: 1.2, or: { figure: 'p99OverMs', most: 0.3 } };
    expect(holds(bar, { p99Ratio: 2, p99OverMs: 0.2 })).toBe(true);
    expect(holds(bar, { p99Ratio: 1.1, p99OverMs: 0.9 })).toBe(true);
    expect(holds(bar, { p99Ratio: 2, p99OverMs: 0.9 })).toBe(false);
  });
});

describe('figures', () => {
  it('are printed with those that have a bar first, and do not round to their bar', () => {
    const bars = [{ figure: 'b', most: 1.1, or: { figure: 'c', most: 1 } }, { figure: 'missing' }];
    const figures = arrangeFigures({ a: 1, c: 3, b: 1.1009 }, bars);
    expect(Object.entries(figures)).toEqual([
      ['b', 1.101],
      ['c', 3],
      ['a', 1],
    ]);
  });
});
