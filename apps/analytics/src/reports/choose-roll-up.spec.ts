import { describe, expect, it } from 'vitest';
import { chooseRollUp, rollUps } from './choose-roll-up.ts';

const candidates = rollUps({ minutes: 90, hours: 400, days: 3_653 });
const now = new Date('2026-06-15T12:00:00Z');
const chosen = (from: string, to: string, ...groupBy: Parameters<typeof chooseRollUp>[0]['groupBy']) =>
  chooseRollUp({ from: new Date(from), to: new Date(to), groupBy }, candidates, now)?.table ?? null;

describe('choosing the counters of a report', () => {
  it('takes the coarsest that the range begins and ends with', () => {
    expect(chosen('2026-06-01T00:00:00Z', '2026-06-03T00:00:00Z')).toBe('usage_days');
    expect(chosen('2026-06-01T01:00:00Z', '2026-06-03T00:00:00Z')).toBe('usage_hours');
    expect(chosen('2026-06-01T01:01:00Z', '2026-06-03T00:00:00Z')).toBe('usage_minutes');
  });

  it('takes none that is coarser than the grouping', () => {
    expect(chosen('2026-06-01T00:00:00Z', '2026-06-03T00:00:00Z', 'route', 'hour')).toBe('usage_hours');
    expect(chosen('2026-06-01T00:00:00Z', '2026-06-03T00:00:00Z', 'minute')).toBe('usage_minutes');
  });

  it('takes none that has been deleted for a part of the range', () => {
    expect(chosen('2026-02-01T00:00:00Z', '2026-06-03T00:00:00Z', 'minute')).toBeNull();
    expect(chosen('2026-02-01T00:01:00Z', '2026-06-03T00:00:00Z')).toBeNull();
    expect(chosen('2026-02-01T01:00:00Z', '2026-06-03T00:00:00Z')).toBe('usage_hours');
    expect(chosen('2020-02-01T00:00:00Z', '2026-06-03T00:00:00Z')).toBe('usage_days');
  });
});
