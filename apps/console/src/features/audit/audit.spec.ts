import { describe, expect, it } from 'vitest';
import { instantOf } from './audit.ts';

describe('a day as a filter of the audit log', () => {
  it('begins and ends in the time of whoever reads', () => {
    const start = instantOf('2026-03-01', 'start');
    const end = instantOf('2026-03-01', 'end');
    expect(new Date(start ?? '').getDate()).toBe(1);
    expect(new Date(end ?? '').getTime() - new Date(start ?? '').getTime()).toBe(24 * 60 * 60 * 1000 - 1);
  });

  it('is none while it is not a whole date', () => {
    expect([undefined, '', '2026-3', '2026-99-99'].map((day) => instantOf(day, 'start'))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
