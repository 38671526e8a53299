import { cpSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
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
  path = join(folder, 'state', 'usage.wal');
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
    store.count([row(), row({ latency: [[30, 2]], calls: 2 }), row({ status: 404 })]);
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
    killed.count([row(), row({ routeId: 'r2' })]);
    const revived = await start();
    expect(callsOf((await revived.seal())?.rows)).toBe(2);
  });

  it('sends a sealed batch again exactly as it was, under its old name, after kill -9', async () => {
    const killed = await start();
    const { latency, ...counters } = row();
    killed.count([{ ...counters, latency }]);
    const sealed = await killed.seal();
    killed.count([row()]);
    const revived = await start();
    expect(JSON.stringify(revived.sealed), 'the same bytes').toBe(JSON.stringify(sealed));
    expect(await revived.seal()).toEqual(sealed);
    await revived.accepted();
    expect(await revived.seal()).toMatchObject({ epoch: revived.epoch, sequence: 1, rows: [{ calls: 1 }] });
  });

  it('forgets what was accepted, across restarts', async () => {
    const store = await start();
    store.count([row()]);
    await store.seal();
    store.count([row({ routeId: 'later' })]);
    await store.accepted();
    const revived = await start();
    expect(revived.sealed).toBeNull();
    expect((await revived.seal())?.rows).toEqual([row({ routeId: 'later' })]);
  });

  it('numbers batches without gaps and empties the file when everything is accepted', async () => {
    const store = await start();
    for (const sequence of [1, 2, 3]) {
      store.count([row()]);
      expect((await store.seal())?.sequence).toBe(sequence);
      await store.accepted();
    }
    expect(await store.seal()).toBeNull();
    expect((await stat(path)).size).toBe(0);
  });

  it('cuts off a torn end and goes on from there', async () => {
    const killed = await start();
    killed.count([row()]);
    const torn = encodeRecord({ kind: 'counted', rows: [row()] });
    await appendFile(path, torn.subarray(0, torn.length - 3));
    const revived = await start();
    revived.count([row()]);
    const again = await start();
    expect(callsOf((await again.seal())?.rows)).toBe(2);
  });

  it('uses the number of a refused batch again and returns what is given up', async () => {
    const store = await start();
    store.count([row(), row({ routeId: 'foreign' })]);
    await store.seal();
    expect(await store.refused((index) => index === 1)).toEqual([row({ routeId: 'foreign' })]);
    expect(await store.seal()).toMatchObject({ sequence: 1, rows: [row()] });
  });

  it('merges minutes into hours and days when the file is filling, and loses no call', async () => {
    const store = await start(64 * 1024);
    const day = Math.floor(minute / 86_400) * 86_400 - 3 * 86_400;
    for (let each = 0; each < 600; each += 1) {
      store.count([row({ minute: day + each * 60 })]);
      await store.makeRoom();
    }
    expect(store.walBytes).toBeLessThan(64 * 1024);
    expect(store.pendingRows).toBeLessThan(600);
    const batch = await store.seal();
    expect(callsOf(batch?.rows)).toBe(600);
    expect(batch?.rows.map((each) => each.minute)).toContain(day);
  });

  it('writes over what a failed write left', async () => {
    const store = await start();
    store.count([row()]);
    await appendFile(path, 'a part of a record that was never whole, and longer than the next one'.repeat(20));
    store.count([row()]);
    store.count([row()]);
    const revived = await start();
    expect(callsOf((await revived.seal())?.rows)).toBe(3);
  });

  it('merges what has ended only once it is on disk: a rewrite that fails changes nothing', async () => {
    const store = await start(1024);
    const hour = Math.floor(minute / 3600) * 3600 - 86_400;
    for (let each = 0; each < 20; each += 1) store.count([row({ minute: hour + each * 60 })]);
    await mkdir(`${path}.next`);
    await expect(store.makeRoom()).rejects.toThrow();
    expect(store.pendingRows).toBe(20);
    const batch = await store.seal();
    const revived = await start();
    expect(revived.sealed).toEqual(batch);
    expect(revived.pendingRows, 'no row waits that is in the batch').toBe(20);
  });
});

/** The state folder as a kill of the process would leave it now, and how many calls it must hold. */
interface Kill {
  readonly path: string;
  readonly calls: number;
}

/** Counts a call and looks at the folder in every turn of the event loop until the work is done. */
async function killedAtEveryTurn(store: UsageStore, work: Promise<unknown>): Promise<Kill[]> {
  const kills: Kill[] = [];
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  const look = (): void => {
    store.count([row({ routeId: `r${kills.length % 7}` })]);
    const copy = join(folder, `killed-${kills.length}`);
    cpSync(dirname(path), copy, { recursive: true });
    kills.push({ path: join(copy, 'usage.wal'), calls: kills.length + 1 });
  };
  look();
  while (!isDone) {
    await turn();
    look();
  }
  await done;
  return kills;
}

describe('counting while the file is rewritten', () => {
  const before = 3_000;
  const past = Math.floor(minute / 86_400) * 86_400 - 20 * 86_400;

  async function startWith(maxBytes?: number): Promise<UsageStore> {
    const store = await start(maxBytes);
    store.count(
      Array.from({ length: before }, (_, each) => row({ minute: past + each * 60, routeId: `old${each % 2}` })),
    );
    return store;
  }

  const rewrites: readonly [string, number | undefined, (store: UsageStore) => Promise<unknown>][] = [
    ['because it is filling', 256 * 1024, (store) => store.makeRoom()],
    ['because a batch was refused', undefined, async (store) => (await store.seal(), store.refused(() => false))],
  ];

  it.each(rewrites)(
    'waits for nothing, and a kill at any point loses and doubles no call: %s',
    async (_, maxBytes, work) => {
      const store = await startWith(maxBytes);
      const kills = await killedAtEveryTurn(store, work(store));
      expect(kills.length, 'calls were counted during the rewrite').toBeGreaterThan(5);
      for (const { path: killedPath, calls } of kills) {
        const killed = await UsageStore.open({ path: killedPath, maxBytes: 1024 ** 3 });
        open.push(killed);
        expect(await allCalls(killed)).toBe(before + calls);
      }
      expect(await allCalls(store)).toBe(before + kills.length);
    },
  );

  it('forgets an accepted batch and no call that came meanwhile', async () => {
    const store = await startWith();
    while ((await store.seal()) !== null && store.pendingRows > 2_000) await store.accepted();
    const rest = callsOf(store.sealed?.rows);
    const kills = await killedAtEveryTurn(store, store.accepted());
    for (const { path: killedPath, calls } of kills) {
      const killed = await UsageStore.open({ path: killedPath, maxBytes: 1024 ** 3 });
      open.push(killed);
      const isForgotten = killed.sealed === null;
      expect(await allCalls(killed)).toBe(calls + (isForgotten ? 0 : rest));
    }
  });
});

/** Every call that a store holds, by taking all its batches. */
async function allCalls(store: UsageStore): Promise<number> {
  let calls = 0;
  for (;;) {
    const batch = await store.seal();
    if (batch === null) return calls;
    calls += callsOf(batch.rows);
    await store.accepted();
  }
}
