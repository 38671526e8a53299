import { describe, expect, it } from 'vitest';
import { SharedMemory } from '../shared-counters/shared-memory.ts';
import { hammer } from '../shared-counters/testing/hammer.ts';
import { QuotaCells, quotaCellsBytes } from './quota-cells.ts';
import { QuotaCounter } from './quota-counter.ts';

const workers = 5;
const lease = 500_000;
const terms = { lease, nextLease: 5, periodEnd: 1_000_000, watermark: 0 };

/** A lease and its counter in the primary and in workers. */
function scene(change: Partial<typeof terms> = {}) {
  const piece = new SharedMemory().take('quota', quotaCellsBytes(workers));
  const primary = new QuotaCounter({ ...terms, ...change }, new QuotaCells(piece, { workerId: 0, workers }));
  const worker = (workerId: number) => new QuotaCounter(null, new QuotaCells(piece, { workerId, workers }));
  return { piece, primary, worker };
}

function callsUntilRefused(counter: QuotaCounter, now = 0): number {
  let calls = 0;
  while (counter.tryBegin(now)) {
    counter.end(true, now);
    calls++;
  }
  return calls;
}

describe('a lease that 4 workers share', () => {
  it('lets exactly as many calls pass as it says, and as many again once they are known', async () => {
    const { piece, primary } = scene();
    const work = { piece, calls: 800_000, windows: null };
    const rounds = [1, 2];
    for (const sequence of rounds) {
      const passed = (await hammer(4, work)).flat();
      expect(passed.reduce((sum, calls) => sum + calls, 0)).toBe(lease);
      expect(primary.open).toBe(lease);
      passed.forEach((calls, index) => primary.received(index + 1, 0, calls));
      expect(primary.open).toBe(lease);
      primary.seal(sequence, 0, lease);
      primary.update({ ...terms, watermark: sequence });
      expect(primary.open).toBe(0);
    }
  }, 30_000);

  it('gets back what a worker had under way, or had not told of, when it ends', () => {
    const { primary, worker } = scene({ lease: 4 });
    const [doomed, other] = [worker(1), worker(2)];
    doomed.begin();
    doomed.begin();
    doomed.end(true, 0);
    other.begin();
    expect(callsUntilRefused(other)).toBe(1);
    primary.workerGone(1);
    expect(primary.open).toBe(2);
    expect(callsUntilRefused(other)).toBe(2);
  });

  it('counts what a worker had told of before it ended, whatever is heard of first', () => {
    const { primary, worker } = scene({ lease: 3 });
    callsUntilRefused(worker(1));
    primary.workerGone(1);
    primary.received(1, 0, 3);
    expect(worker(2).tryBegin(0)).toBe(false);
    primary.seal(1, 0, 3);
    primary.update({ ...terms, lease: 3, watermark: 1 });
    expect(primary.open).toBe(0);
  });

  it('begins the next period for all of them, and forgets batches of the old one', () => {
    const { primary, worker } = scene({ lease: 3 });
    const [first, second] = [worker(1), worker(2)];
    callsUntilRefused(first);
    primary.received(1, 0, 3);
    primary.seal(1, 0, 3);
    expect(callsUntilRefused(second, terms.periodEnd)).toBe(5);
    primary.update({ ...terms, periodEnd: 2_000_000, lease: 5, watermark: 1 });
    expect(primary.open).toBe(5);
    expect(first.hasRoom(terms.periodEnd)).toBe(false);
  });

  it('is free again when the worker that held it ended in the middle', () => {
    const { piece, primary, worker } = scene();
    new QuotaCells(piece, { workerId: 3, workers }).enter();
    primary.workerGone(3);
    expect(worker(1).tryBegin(0)).toBe(true);
  });
});
