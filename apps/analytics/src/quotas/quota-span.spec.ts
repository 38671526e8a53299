import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaSpan } from './quota-span.ts';

const seconds = (time: string) => Date.parse(time) / 1000;
const spanOf = (period: 'day' | 'month', zone: string, at: string) => {
  const { start, end } = quotaSpan(period, zone, seconds(at));
  return [new Date(start * 1000).toISOString(), new Date(end * 1000).toISOString()];
};

describe('the period of a quota', () => {
  it.each([
    ['month', 'UTC', '2026-05-31T23:59:59Z', '2026-05-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z'],
    ['month', 'UTC', '2026-06-01T00:00:00Z', '2026-06-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'],
    ['month', 'Europe/Berlin', '2026-05-31T21:59:59Z', '2026-04-30T22:00:00.000Z', '2026-05-31T22:00:00.000Z'],
    ['month', 'Europe/Berlin', '2026-05-31T22:00:00Z', '2026-05-31T22:00:00.000Z', '2026-06-30T22:00:00.000Z'],
    ['day', 'Asia/Kathmandu', '2026-05-10T18:15:00Z', '2026-05-10T18:15:00.000Z', '2026-05-11T18:15:00.000Z'],
    ['day', 'Asia/Kathmandu', '2026-05-10T18:14:59Z', '2026-05-09T18:15:00.000Z', '2026-05-10T18:15:00.000Z'],
    // Days on which clocks change: 23 and 25 hours; in Beirut the day begins at one o'clock.
    ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['day', 'Asia/Beirut', '2026-03-29T12:00:00Z', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'],
  ] as const)('%s in %s at %s is from %s to %s', (period, zone, at, from, to) => {
    expect(spanOf(period, zone, at)).toEqual([from, to]);
  });

  it('holds its moment, and the next begins where it ends', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'month'),
        fc.constantFrom(
          'UTC',
          'Europe/Berlin',
          'America/St_Johns',
          'Asia/Beirut',
          'Pacific/Apia',
          'Australia/Lord_Howe',
        ),
        fc.integer({ min: seconds('2020-01-01T00:00:00Z'), max: seconds('2040-01-01T00:00:00Z') }),
        (period, zone, at) => {
          const { start, end } = quotaSpan(period, zone, at);
          expect(start).toBeLessThanOrEqual(at);
          expect(at).toBeLessThan(end);
          expect(quotaSpan(period, zone, end).start).toBe(end);
          expect(end % 60).toBe(0);
        },
      ),
    );
  });
});
