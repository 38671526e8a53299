import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { newId } from '@tollgate/contracts';
import { linkErrors, type UsageBatch, usageBatch, type UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinkRefusal } from '../link/link-refusal.ts';
import { UsageKeeper, type UsageKeeperOptions } from './usage-keeper.ts';
import { UsageStore } from './usage-store.ts';

const withinMs = 20_000;
const [groupId, tenantId] = [newId('grp'), newId('tnt')];

let folder: string;
let keeper: UsageKeeper | undefined;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-usage-'));
  told = [];
});
afterEach(async () => {
  await keeper?.stop(0);
  keeper = undefined;
  await rm(folder, { recursive: true });
});

function calls(count: number, consumer: string | null = 'sub_a'): UsageRow {
  const sums = { calls: count, billable: count, latencySumUs: 100, latency: [], bytesIn: 0, bytesOut: 0 };
  return { minute: 60, groupId, tenantId, routeId: 'r1', consumer, status: 200, ...sums };
}

const sumOf = (rows: readonly UsageRow[]) => rows.reduce((sum, row) => sum + row.calls, 0);

/** Starts the thread; `post` is the control plane. */
async function start(post: UsageKeeperOptions['post'] = () => Promise.resolve()): Promise<UsageKeeper> {
  keeper = await UsageKeeper.start({
    path: join(folder, 'usage.wal'),
    maxBytes: 1024 ** 2,
    rejectedPath: join(folder, 'usage.rejected'),
    flushMs: 20,
    shipMs: 20,
    post,
    received: (workerId, rows) => told.push(`received ${workerId} ${sumOf(rows)}`),
    sealed: (sequence, rows) => told.push(`sealed ${sequence} ${sumOf(rows)}`),
    unsealed: (sequence, rows) => told.push(`unsealed ${sequence} ${sumOf(rows)}`),
    logger: { warn: (_fields, message) => told.push(message), error: (_fields, message) => told.push(message) },
    die: (cause) => told.push(cause.message),
  });
  return keeper;
}

function worker(workerId: number) {
  const { port1, port2 } = new MessageChannel();
  keeper?.connect(workerId, port2);
  return port1;
}

/** What a start after this one finds on disk. */
async function onDisk(): Promise<number> {
  const store = await UsageStore.open({ path: join(folder, 'usage.wal'), maxBytes: 1024 ** 2 });
  const { pendingRows } = store;
  const batch = await store.seal();
  await store.close();
  return pendingRows === 0 ? 0 : sumOf(batch?.rows ?? []);
}

describe('the thread that keeps usage', () => {
  it('writes what workers hand over, tells of it, and then of the batch that it went into', async () => {
    const batches: UsageBatch[] = [];
    const { epoch } = await start(async (_path, body) => batches.push(usageBatch.parse(JSON.parse(body))));
    worker(1).postMessage([calls(2), calls(5, null)]);
    worker(2).postMessage([calls(3)]);
    await eventually(() => expect(told).toHaveLength(2), { withinMs });
    keeper?.ship();
    await eventually(() => expect(told).toHaveLength(3), { withinMs });
    expect(told.slice(0, 2).sort()).toEqual(['received 1 2', 'received 2 3']);
    expect(told[2]).toBe('sealed 1 5');
    await eventually(() => expect(batches).toMatchObject([{ epoch, sequence: 1 }]), { withinMs });
    expect(sumOf(batches[0]?.rows ?? [])).toBe(10);
    await eventually(
      async () => {
        await keeper?.collect();
        expect(keeper?.state.pendingRows).toBe(0);
      },
      { withinMs },
    );
  });

  it('loses nothing that a worker had posted when it ended, nor when all is stopped at once', async () => {
    await start(() => Promise.reject(new Error('the control plane is away')));
    const port = worker(1);
    for (let message = 0; message < 100; message++) port.postMessage([calls(1)]);
    port.close();
    const other = worker(2);
    for (let message = 0; message < 100; message++) other.postMessage([calls(1)]);
    await keeper?.stop(0);
    keeper = undefined;
    expect(await onDisk()).toBe(200);
  });

  it('knows a refusal of the control plane from a failure, also across threads', async () => {
    const code = linkErrors.usageOfForeignGroup.code;
    await start(() => Promise.reject(new LinkRefusal(403, code, 'foreign', ['/rows/0'])));
    worker(1).postMessage([calls(4)]);
    await eventually(() => expect(told).toHaveLength(1), { withinMs });
    keeper?.ship();
    await eventually(() => expect(told).toContain('unsealed 1 4'), { withinMs });
    await eventually(() => expect(told.at(-1)).toMatch(/refused for good/), { withinMs });
  });

  it('fails to start when its file cannot be opened', async () => {
    await mkdir(join(folder, 'usage.wal'));
    await expect(start()).rejects.toThrow(/EISDIR/);
    expect(told).toEqual([]);
  });
});
