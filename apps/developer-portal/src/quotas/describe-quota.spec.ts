import { describe, expect, it } from 'vitest';
import type { MeteredQuota } from './quotas.repository.ts';
import { describeQuota } from './quotas.service.ts';

const metered: MeteredQuota = {
  period: 'month',
  periodStart: '2026-05-01T00:00:00.000Z',
  periodEnd: '2026-06-01T00:00:00.000Z',
  used: 40,
  countedAt: '2026-05-10T00:00:00.000Z',
};
const now = new Date('2026-05-10T00:00:01.000Z');
const nothing = { periodStart: null, periodEnd: null, countedAt: null };

describe('what people see of a quota', () => {
  it('is what was metered last, and what is left of the present plan', () => {
    const { period, ...seen } = metered;
    expect(describeQuota({ calls: 100, period }, metered, now)).toEqual({
      ...seen,
      quota: { calls: 100, period },
      remaining: 60,
    });
    expect(describeQuota({ calls: 39, period }, metered, now)).toMatchObject({ used: 40, remaining: 0 });
  });

  it('is nothing used until something was metered for this kind of period, and after its end', () => {
    const [day, month] = [{ calls: 10, period: 'day' } as const, { calls: 10, period: 'month' } as const];
    expect(describeQuota(day, metered, now)).toEqual({ quota: day, used: 0, remaining: 10, ...nothing });
    expect(describeQuota(month, null, now)).toEqual({ quota: month, used: 0, remaining: 10, ...nothing });
    const later = new Date(metered.periodEnd);
    expect(describeQuota(month, metered, later)).toEqual({ quota: month, used: 0, remaining: 10, ...nothing });
  });

  it('is null without a quota', () => {
    expect(describeQuota(null, metered, now)).toEqual({ quota: null, used: null, remaining: null, ...nothing });
  });
});
