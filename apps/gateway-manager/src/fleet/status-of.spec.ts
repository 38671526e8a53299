import { describe, expect, it } from 'vitest';
import { statusOf } from './status-of.ts';

const intervalMs = 10_000;
const now = 1_000_000_000;
const judgement = { now, intervalMs, hearingSince: now - 3_600_000 };
const silentFor = (intervals: number, behindFor: number | null = null) => ({
  lastSeenAt: now - intervals * intervalMs,
  behindSince: behindFor === null ? null : now - behindFor * intervalMs,
});

describe('the status of a data plane', () => {
  it.each([
    ['online', 0],
    ['online', 1.2],
    ['online', 2.2],
    ['degraded', 2.3],
    ['degraded', 3.2],
    ['offline', 3.3],
    ['offline', 10_000],
  ])('is %s after %d intervals of silence', (status, intervals) => {
    expect(statusOf(silentFor(intervals), judgement)).toBe(status);
  });

  it('is unknown before the first heartbeat', () => {
    expect(statusOf({ lastSeenAt: null, behindSince: null }, judgement)).toBe('unknown');
  });

  it('is unknown, not offline, for one interval after nobody could have heard it', () => {
    const deaf = { ...judgement, hearingSince: now - intervalMs };
    expect(statusOf(silentFor(100), deaf)).toBe('unknown');
    expect(statusOf(silentFor(100), { ...deaf, hearingSince: now - 1.3 * intervalMs })).toBe('offline');
  });

  it('is out-of-date when its configuration stays behind for three intervals', () => {
    expect(statusOf(silentFor(0, 2.9), judgement)).toBe('online');
    expect(statusOf(silentFor(0, 3.1), judgement)).toBe('out-of-date');
  });
});
