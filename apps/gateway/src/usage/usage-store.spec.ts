import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageStore } from './usage-store.ts';
import { encodeRecord } from './wal-records.ts';

const groupId = newId('grp');
const tenantId = newId('tnt');
const minute = Math.floor(Date.now() / 60_000) * 60 - 7_200;

function row(change: Partial<UsageRow> = {}): UsageRow {
  return {
    minute,
    groupId,
    tenantId,
    routeId: 'r1',
    consumer: null,
    status: 200,
    calls: 1,
    billable: 1,
    latencySumUs: 100,
    latency: [[26, 1]],
    bytesIn: 10,
    bytesOut: 20,
    ...change,
  };
}

let folder: string;
let path: string;
const open: UsageStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-wal-'));
  path = join(folder, 'usage.wal');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
  await rm(folder, { recursive: true });
});

/** A process start; one that was not closed before stands for a process that was killed. */
async function start(maxBytes = 1024 ** 3): Promise<UsageStore> {
  const store = await UsageStore.open({ path, maxBytes });
  open.push(store);
  return store;
}

const callsOf = (rows: readonly UsageRow[] = []) => rows.reduce((sum, { calls }) => sum + calls, 0);

describe('usage on disk', () => {
  it('adds up what belongs to the same minute, route, consumer and status', async () => {
    const store = await start();
    await store.count([row(), row({ latency: [[30, 2]], calls: 2 }), row({ status: 404 })]);
    const batch = await store.seal();
    expect(batch?.sequence).toBe(1);
    expect(batch?.rows).toEqual([
      expect.objectContaining({
        status: 200,
        calls: 3,
        latencySumUs: 200,
        bytesOut: 40,
        latency: [
          [26, 1],
          [30, 2],
        ],
      }),
      expect.objectContaining({ status: 404, calls: 1 }),
    ]);
  });

  it('survives kill -9 without losing or doubling what was written', async () => {
    const killed = await start();
    await killed.count([row(), row({ routeId: 'r2' })]);
    const revived = await start();
    expect(callsOf((await revived.seal())?.rows)).toBe(2);
  });

  it('sends a sealed batch again exactly as it was, under its old name, after kill -9', async () => {
    const killed = await start();
    const { latency, ...counters } = row();
    await killed.count([{ ...counters, latency }]);
    const sealed = await killed.seal();
    await killed.count([row()]);
    const revived = await start();
    expect(JSON.stringify(revived.sealed), 'the same bytes').toBe(JSON.stringify(sealed));
    expect(await revived.seal()).toEqual(sealed);
    await revived.accepted();
    expect(await revived.seal()).toMatchObject({ epoch: revived.epoch, sequence: 1, rows: [{ calls: 1 }] });
  });

  it('forgets what was accepted, across restarts', async () => {
    const store = await start();
    await store.count([row()]);
    await store.seal();
    await store.count([row({ routeId: 'later' })]);
    await store.accepted();
    const revived = await start();
    expect(revived.sealed).toBeNull();
    expect((await revived.seal())?.rows).toEqual([row({ routeId: 'later' })]);
  });

  it('numbers batches without gaps and empties the file when everything is accepted', async () => {
    const store = await start();
    for (const sequence of [1, 2, 3]) {
      await store.count([row()]);
      expect((await store.seal())?.sequence).toBe(sequence);
      await store.accepted();
    }
    expect(await store.seal()).toBeNull();
    expect((await stat(path)).size).toBe(0);
  });

  it('cuts off a torn end and goes on from there', async () => {
    const killed = await start();
    await killed.count([row()]);
    const torn = encodeRecord({ kind: 'counted', rows: [row()] });
    await appendFile(path, torn.subarray(0, torn.length - 3));
    const revived = await start();
    await revived.count([row()]);
    const again = await start();
    expect(callsOf((await again.seal())?.rows)).toBe(2);
  });

  it('uses the number of a refused batch again and returns what is given up', async () => {
    const store = await start();
    await store.count([row(), row({ routeId: 'foreign' })]);
    await store.seal();
    expect(await store.refused((index) => index === 1)).toEqual([row({ routeId: 'foreign' })]);
    expect(await store.seal()).toMatchObject({ sequence: 1, rows: [row()] });
  });

  it('merges minutes into hours and days when the file is filling, and loses no call', async () => {
    const store = await start(64 * 1024);
    const day = Math.floor(minute / 86_400) * 86_400 - 3 * 86_400;
    for (let each = 0; each < 600; each += 1) {
      await store.count([row({ minute: day + each * 60 })]);
      await store.makeRoom();
    }
    expect(store.walBytes).toBeLessThan(64 * 1024);
    expect(store.pendingRows).toBeLessThan(600);
    const batch = await store.seal();
    expect(callsOf(batch?.rows)).toBe(600);
    expect(batch?.rows.map((each) => each.minute)).toContain(day);
  });
});
