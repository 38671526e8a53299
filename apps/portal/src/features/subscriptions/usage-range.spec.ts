import { describe, expect, it } from 'vitest';
import { usageRange } from './usage-range.ts';

const now = Date.parse('2026-03-10T14:25:30.500Z');

describe('the range of usage', () => {
  it('has 24 hours, the present one included', () => {
    expect(usageRange('day', now)).toEqual({
      from: '2026-03-09T15:00:00.000Z',
      to: '2026-03-10T14:26:00.000Z',
      interval: 'hour',
    });
  });

  it('has whole days of UTC, the present one included', () => {
    expect(usageRange('week', now)).toMatchObject({ from: '2026-03-04T00:00:00.000Z', interval: 'day' });
  });

  it('is never empty, not even at midnight', () => {
    const midnight = Date.parse('2026-03-10T00:00:00.000Z');
    const { from, to } = usageRange('day', midnight);
    expect(from < to).toBe(true);
    expect(to).toBe('2026-03-10T00:01:00.000Z');
  });
});
