import { describe, expect, it } from 'vitest';
import { billingPeriod } from './billing-period.ts';

const isoOf = (period: string, zone: string) => {
  const { from, to } = billingPeriod(period, zone);
  return [from.toISOString(), to.toISOString()];
};

describe('a billing period', () => {
  it('is a calendar month in UTC', () => {
    expect(isoOf('2026-12', 'UTC')).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z']);
  });

  it('begins and ends at midnight of the zone, also where the clock changes in between', () => {
    expect(isoOf('2026-03', 'Europe/Berlin')).toEqual(['2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z']);
    expect(isoOf('2026-06', 'Asia/Kathmandu')).toEqual(['2026-05-31T18:15:00.000Z', '2026-06-30T18:15:00.000Z']);
  });

  it('follows the one before without a gap', () => {
    expect(isoOf('2026-10', 'America/Santiago')[1]).toBe(isoOf('2026-11', 'America/Santiago')[0]);
  });
});
