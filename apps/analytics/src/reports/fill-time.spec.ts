import { describe, expect, it } from 'vitest';
import { fillTime } from './fill-time.ts';

const at = (time: string) => new Date(time);
const fill = (from: string, to: string, ...rows: { time: Date; calls: number }[]) =>
  fillTime(rows, { from: at(from), to: at(to), groupBy: ['hour'] }, { time: at(from), calls: 0 }).map(
    ({ time, calls }) => [time.toISOString().slice(11, 16), calls],
  );

describe('filling a report', () => {
  it('gives every span of the range one row, the first when the range begins within it', () => {
    const row = { time: at('2026-06-01T11:00:00Z'), calls: 7 };
    expect(fill('2026-06-01T10:30:00Z', '2026-06-01T12:30:00Z', row)).toEqual([
      ['10:00', 0],
      ['11:00', 7],
      ['12:00', 0],
    ]);
    expect(fill('2026-06-01T10:00:00Z', '2026-06-01T12:00:00Z')).toHaveLength(2);
  });

  it('ends at one row more than a report may have', () => {
    expect(fill('2020-06-01T10:00:00Z', '2026-06-01T12:00:00Z')).toHaveLength(5_001);
  });
});
