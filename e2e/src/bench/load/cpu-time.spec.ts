import { describe, expect, it } from 'vitest';
import { busyShare, cpuSecondsOfTree, parseCoreTime, parseCpuSeconds } from './cpu-time.ts';

const stat =
  '4242 (a (strange) name) S 1 4242 4242 0 -1 4194560 1000 20 0 0 150 50 25 5 20 0 11 0 100 1000000 2000 18446744073709551615';

describe('CPU time of a process', () => {
  it('is user and system time, its ended children included, whatever its name is', () => {
    expect(parseCpuSeconds(stat)).toBe(2.3);
  });

  it('cannot be read from something else', () => {
    expect(() => parseCpuSeconds('4242 (name) S 1 2')).toThrow('not a stat line');
  });

  it('can be read of a running tree, and not of a process that is gone', async () => {
    expect(await cpuSecondsOfTree(process.pid)).toBeGreaterThan(0);
    await expect(cpuSecondsOfTree(2 ** 30)).rejects.toThrow('has ended');
  });
});

describe('time of a core', () => {
  const before = 'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 0 100 700 100 0 0 0 0 0\ncpu1 0 0 0 1000 0 0 0 0 0 0\n';
  const after = 'cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 150 0 140 700 110 0 0 0 50 0\ncpu1 0 0 0 1100 0 0 0 0 0 0\n';

  it('is busy for what is neither idle nor waiting', () => {
    expect(busyShare(parseCoreTime(before, 0), parseCoreTime(after, 0))).toBeCloseTo(0.9);
    expect(busyShare(parseCoreTime(before, 1), parseCoreTime(after, 1))).toBe(0);
  });

  it('cannot be read of a core that is not there', () => {
    expect(() => parseCoreTime(before, 2)).toThrow('no core 2');
  });
});
