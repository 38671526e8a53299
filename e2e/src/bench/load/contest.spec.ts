import { describe, expect, it } from 'vitest';
import { cpuRatio, orientation, refuseLimitedByLoad, type Window } from './contest.ts';

const window = (cpuUs: number, more: Partial<Window> = {}): Window => ({
  cpuUs,
  requestsPerSecond: 1e6 / cpuUs,
  targetCoreBusy: 1,
  loadCoreBusy: 0.8,
  p50Ms: 1,
  p99Ms: 2,
  ...more,
});

describe('a contest', () => {
  const rounds = [10, 11, 9, 10, 12].map((cpuUs) => ({ gateway: window(cpuUs), nginx: window(10) }));

  it('is decided by the median of the pairs', () => {
    expect(cpuRatio(rounds, { of: 'gateway', to: 'nginx', smoke: false })).toBe(1);
  });

  it('is none with fewer than five pairs', () => {
    expect(() => cpuRatio(rounds.slice(1), { of: 'gateway', to: 'nginx', smoke: false })).toThrow('pairs are missing');
    expect(cpuRatio(rounds.slice(0, 1), { of: 'gateway', to: 'nginx', smoke: true })).toBe(1);
  });

  it('is refused when the load was the limit', () => {
    const limited = Array.from({ length: 5 }, () => window(10, { targetCoreBusy: 0.7, loadCoreBusy: 1 }));
    expect(() => refuseLimitedByLoad('gateway', limited)).toThrow(
      'the load was the limit, not gateway: its core was busy 70 %, that of the load 100 %',
    );
  });

  it('is not refused for one disturbed round, nor when the load could have given more', () => {
    const disturbed = [
      window(10, { targetCoreBusy: 0.7, loadCoreBusy: 1 }),
      ...Array.from({ length: 4 }, () => window(10)),
    ];
    expect(() => refuseLimitedByLoad('gateway', disturbed)).not.toThrow();
    expect(() =>
      refuseLimitedByLoad('gateway', [window(10, { targetCoreBusy: 0.5, loadCoreBusy: 0.5 })]),
    ).not.toThrow();
  });

  it('leaves latencies out where there are none', () => {
    const figures = orientation(['gateway'], [{ gateway: window(10, { p50Ms: Number.NaN }) }]);
    expect(Object.keys(figures)).toEqual(['gatewayCpuUs', 'gatewayRequestsPerSecond']);
  });
});
