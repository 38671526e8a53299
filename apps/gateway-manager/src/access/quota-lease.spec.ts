import { describe, expect, it } from 'vitest';
import { compileQuotaLease, leaseOf, maxLease, type QuotaMeter } from './quota-lease.ts';

const meter = (change: Partial<QuotaMeter> = {}): QuotaMeter => ({
  subscriptionId: 'sub_1',
  dataPlanes: 3,
  period: 'month',
  periodEnd: '2026-06-01T00:00:00.000Z',
  used: 40,
  watermarks: [{ instanceId: 'dp_1', epoch: 'e', sequence: 7 }],
  ...change,
});

describe('a lease', () => {
  it.each([
    [100, 1, 100],
    [100, 3, 33],
    [2, 3, 1],
    [1, 1, 1],
    [0, 3, 0],
    [-5, 3, 0],
    [10, 0, 10],
    [10_000_000, 2, maxLease],
  ])('of %i calls left for %i data planes is %i', (remaining, dataPlanes, lease) => {
    expect(leaseOf(remaining, dataPlanes)).toBe(lease);
  });

  it('is a share of what remains, with the watermarks it was computed from, and of all calls for the next period', () => {
    expect(compileQuotaLease({ calls: 100, period: 'month' }, meter())).toEqual({
      limit: 100,
      used: 40,
      lease: 20,
      nextLease: 33,
      periodEnd: '2026-06-01T00:00:00.000Z',
      watermarks: [{ instanceId: 'dp_1', epoch: 'e', sequence: 7 }],
    });
  });

  it('has no end and nothing used while nothing was metered, or only for another kind of period', () => {
    const first = { limit: 100, used: 0, lease: 33, nextLease: 33 };
    const nothing = meter({ period: null, periodEnd: null, used: 0, watermarks: [] });
    expect(compileQuotaLease({ calls: 100, period: 'day' }, nothing)).toEqual({ ...first, watermarks: [] });
    expect(compileQuotaLease({ calls: 100, period: 'day' }, meter())).toEqual({
      ...first,
      watermarks: meter().watermarks,
    });
  });
});
