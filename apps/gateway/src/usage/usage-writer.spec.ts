import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageWriter } from './usage-writer.ts';

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

/** Workers and a disk, each as far as the writer knows it. */
function scene({ flushMs = never, sync = (): Promise<void> => Promise.resolve() } = {}) {
  const disk = { isFull: false, writes: [] as number[] };
  const writer = new UsageWriter({
    store: {
      count(rows) {
        if (disk.isFull) throw new Error('no space left');
        disk.writes.push(rows.reduce((sum, { calls }) => sum + calls, 0));
      },
      sync,
    },
    flushMs,
    logger,
  });
  running.push(writer);
  const answer = (calls = 1): void => writer.add(Array.from({ length: calls }, call));
  return { writer, disk, answer };
}

const running: UsageWriter[] = [];
afterEach(() => {
  for (const writer of running.splice(0)) writer.stop();
});

describe('counters on their way to disk', () => {
  it('are written at once, those of one message together', () => {
    const { disk, answer } = scene();
    answer(2);
    answer();
    expect(disk.writes).toEqual([2, 1]);
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
    answer();
    disk.isFull = false;
    await eventually(() => expect(disk.writes).toEqual([2]), { withinMs: 3000 });
  });
});
