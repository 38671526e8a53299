import { setImmediate as turn } from 'node:timers/promises';
import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageWriter } from './usage-writer.ts';
import { writingFirst } from './writing-first.ts';

const logger = pino({ level: 'silent' });
const groupId = newId('grp');
const tenantId = newId('tnt');
/** Far more than a test takes: nothing is written because time goes by. */
const never = 3_600_000;

function call(): UsageRow {
  const latency: [number, number][] = [[26, 1]];
  const sums = { calls: 1, billable: 1, latencySumUs: 100, latency, bytesIn: 0, bytesOut: 0 };
  return { minute: 60, groupId, tenantId, routeId: 'r1', consumer: null, status: 200, ...sums };
}

/** An engine's ledger and a disk, each as far as the writer knows it. */
function scene({ flushMs = never, sync = (): Promise<void> => Promise.resolve() } = {}) {
  let waiting: UsageRow[] = [];
  const disk = { isFull: false, writes: [] as number[] };
  const writer = new UsageWriter({
    store: {
      count(rows) {
        if (disk.isFull) throw new Error('no space left');
        disk.writes.push(rows.reduce((sum, { calls }) => sum + calls, 0));
      },
      sync,
    },
    drain: () => waiting.splice(0),
    flushMs,
    logger,
  });
  running.push(writer);
  const answer = (): void => {
    waiting = [...waiting, call()];
    if (waiting.length === 1) writer.counted();
  };
  return { writer, disk, answer };
}

const running: UsageWriter[] = [];
afterEach(() => {
  for (const writer of running.splice(0)) writer.stop();
});

describe('counters on their way to disk', () => {
  it('are written in the turn of the event loop that counted them, together', async () => {
    const { disk, answer } = scene();
    answer();
    answer();
    await turn();
    expect(disk.writes).toEqual([2]);
  });

  it('are gathered for a tenth of the time when there was a write just before', async () => {
    const { disk, answer } = scene({ flushMs: 500 });
    answer();
    await turn();
    const written = performance.now();
    answer();
    await turn();
    answer();
    await eventually(() => expect(disk.writes).toEqual([1, 2]), { withinMs: 3000 });
    expect(performance.now() - written).toBeGreaterThan(40);
  });

  it('do not wait for a disk that is slow to sync', async () => {
    const { writer, disk, answer } = scene({ flushMs: 1, sync: () => new Promise(() => undefined) });
    writer.start();
    for (let calls = 1; calls <= 3; calls += 1) {
      answer();
      await eventually(() => expect(disk.writes).toHaveLength(calls), { withinMs: 3000 });
    }
  });

  it('are kept while the disk is full and written once when there is room', async () => {
    const { writer, disk, answer } = scene({ flushMs: 5 });
    disk.isFull = true;
    writer.start();
    answer();
    await turn();
    answer();
    await turn();
    disk.isFull = false;
    await eventually(() => expect(disk.writes).toEqual([2]), { withinMs: 3000 });
  });

  it('are written before a configuration is gone through', () => {
    const { writer, disk, answer } = scene();
    const work = writingFirst(writer, {
      apply: () => ({ ok: true, writtenBefore: disk.writes.length }) as never,
      removeGroup: () => undefined,
      *resources() {
        yield { kind: 'route', id: String(disk.writes.length), value: {} };
      },
    });
    answer();
    expect(work.apply(groupId, 'revision', { put: [] })).toMatchObject({ writtenBefore: 1 });
    answer();
    expect([...work.resources(groupId, 'revision')]).toMatchObject([{ id: '2' }]);
    answer();
    work.removeGroup(groupId);
    expect(disk.writes).toHaveLength(3);
  });

  it('are written when the process ends', () => {
    const { writer, disk, answer } = scene();
    writer.write();
    answer();
    writer.stop();
    expect(disk.writes).toEqual([1]);
  });
});
