import { describe, expect, it } from 'vitest';
import { axisTimeOf, leastStepOf } from './chart-axis.ts';

const plain = (text: string): string => text.replaceAll(/\s/gu, ' ');

describe('the scale of a chart', () => {
  it('knows no half calls', () => {
    expect(leastStepOf([[1, null, 3], [0]])).toBe(1);
  });
  it('stays fine where values are fractions', () => {
    expect(leastStepOf([[1, 2], [0.25]])).toBe(0);
  });
});

describe('the times below a chart', () => {
  const morning = new Date(2026, 10, 28, 3, 5);
  const laterBy = (hours: number): string[] => [
    morning.toISOString(),
    new Date(morning.getTime() + hours * 3_600_000).toISOString(),
  ];

  it('are hours within two days, without a leading zero where the language has none', () => {
    expect(plain(axisTimeOf(laterBy(24), 'en-US').format(morning))).toBe('3:05 AM');
    expect(axisTimeOf(laterBy(24), 'zh-CN').format(morning)).toBe('3:05');
  });
  it('are days beyond', () => {
    expect(axisTimeOf(laterBy(72), 'en-US').format(morning)).toBe('Nov 28');
  });
});
