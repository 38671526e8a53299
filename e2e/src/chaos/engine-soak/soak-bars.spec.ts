import { describe, expect, it } from 'vitest';
import type { SoakReport } from './play-soak.ts';
import { isRight, isWithin, soakBars } from './soak-bars.ts';
import type { MemoryByThread } from './thread-memory.ts';

const mebibyte = 1024 * 1024;
const leg = { sockets: 'raw', requests: 100 } as const;

/** What threads have in use, MiB. */
function threads(live: Readonly<Record<string, number>>): MemoryByThread {
  const entries = Object.entries(live);
  return new Map(entries.map(([name, mib]) => [name, { live: mib * mebibyte, heapTaken: mib * mebibyte }]));
}

const level = threads({ main: 30, 'worker-1': 26, 'worker-2': 26 });

/** A report in which everything holds, but for what is given. */
function reportWith(parts: Partial<SoakReport> = {}): SoakReport {
  return {
    asked: 100,
    checked: 100,
    corrupt: 0,
    attacks: 10,
    idleLost: 0,
    deaths: 0,
    uncounted: 0,
    overcounted: 0,
    healthFailed: 0,
    healthWorstMs: 10,
    healthWorstTotalMs: 10,
    socketsBefore: 9,
    socketsAtMost: 100,
    socketsAfter: 9,
    rssPerIdle: 6_000,
    livePerIdle: 3_000,
    livePerIdleTls: 30_000,
    idleCpuShare: 0,
    rssBefore: 160 * mebibyte,
    rssQuarters: [250, 260, 260, 260].map((mib) => mib * mebibyte),
    rssAfter: 230 * mebibyte,
    memoryBefore: level,
    memoryQuarters: [level, level, level, level],
    memoryAfter: level,
    ...parts,
  };
}

describe('a soak', () => {
  it('holds where nothing grows', () => {
    expect([isRight(reportWith()), isWithin(leg, reportWith())]).toEqual([true, true]);
  });

  it.each(['main', 'worker-1', 'worker-2'])(
    'does not hold when what %s has in use grows, whatever the others do',
    (name) => {
      const grown = threads({ main: 28, 'worker-1': 20, 'worker-2': 20, [name]: 35 });
      expect(isRight(reportWith({ memoryAfter: grown }))).toBe(false);
      expect(isRight(reportWith({ memoryQuarters: [level, level, level, grown] }))).toBe(false);
    },
  );

  it('does not hold when no worker was looked into, or one was replaced', () => {
    const alone = threads({ main: 30 });
    const blind = { memoryBefore: alone, memoryQuarters: [alone, alone, alone, alone], memoryAfter: alone };
    expect(isRight(reportWith(blind))).toBe(false);
    expect(isRight(reportWith({ memoryAfter: threads({ main: 30, 'worker-3': 26 }) }))).toBe(false);
    expect(isRight(reportWith({ deaths: 1 }))).toBe(false);
  });

  it('may be resident with so much more for each worker', () => {
    const { rssGrowthPerWorker: each } = soakBars;
    const rssBefore = 160 * mebibyte;
    expect(isWithin(leg, reportWith({ rssAfter: rssBefore + 2 * each }))).toBe(true);
    expect(isWithin(leg, reportWith({ rssAfter: rssBefore + 2 * each + 1 }))).toBe(false);
    const growing = [0, 0, 0, 2 * soakBars.rssGrowthOfSecondHalfPerWorker + 1];
    expect(isWithin(leg, reportWith({ rssQuarters: growing }))).toBe(false);
  });
});
