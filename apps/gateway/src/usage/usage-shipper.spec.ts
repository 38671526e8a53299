import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@tollgate/contracts';
import { linkErrors, type UsageBatch, type UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LinkRefusal } from '../link/link-refusal.ts';
import { UsageShipper } from './usage-shipper.ts';
import { UsageStore } from './usage-store.ts';

const row = (routeId: string): UsageRow => ({
  minute: Math.floor(Date.now() / 60_000) * 60,
  groupId: newId('grp'),
  tenantId: newId('tnt'),
  routeId,
  consumer: 'sub_a',
  status: 200,
  calls: 1,
  billable: 1,
  latencySumUs: 100,
  latency: [[26, 1]],
  bytesIn: 10,
  bytesOut: 20,
});

let folder: string;
const ends: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-shipper-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await rm(folder, { recursive: true });
});

type News = [what: 'sealed' | 'unsealed', sequence: number, routeIds: string[]];

/** Ships the rows; `answer` stands for the control plane. */
async function ship(rows: UsageRow[], answer: (batch: UsageBatch) => void) {
  const store = await UsageStore.open({ path: join(folder, 'usage.wal'), maxBytes: 1024 ** 3 });
  const news: News[] = [];
  const told = (what: News[0]) => (sequence: number, sealed: readonly UsageRow[]) =>
    void news.push([what, sequence, sealed.map(({ routeId }) => routeId)]);
  store.count(rows);
  const shipper = new UsageShipper({
    store,
    writer: { write: () => undefined },
    post: (_path, body) => Promise.resolve().then(() => answer(JSON.parse(body) as UsageBatch)),
    sealed: told('sealed'),
    unsealed: told('unsealed'),
    everyMs: 5,
    shipMs: 5,
    rejectedPath: join(folder, 'usage.rejected'),
    logger: pino({ level: 'silent' }),
  });
  shipper.start();
  ends.push(() => shipper.stop(1_000));
  return { news, count: (more: UsageRow) => store.count([more]) };
}

const refusal = (pointers: string[]) => new LinkRefusal(403, linkErrors.usageOfForeignGroup.code, 'foreign', pointers);

describe('the shipper tells which rows went into which batch', () => {
  it('once for each, however often it is sent', async () => {
    let attempts = 0;
    const { news, count } = await ship([row('one')], () => {
      attempts += 1;
      if (attempts < 3) throw new Error('nobody answers');
    });
    await eventually(() => expect(attempts).toBe(3), { withinMs: 10_000 });
    count(row('two'));
    await eventually(() => expect(news).toHaveLength(2), { withinMs: 10_000 });
    expect(news).toEqual([
      ['sealed', 1, ['one']],
      ['sealed', 2, ['two']],
    ]);
  });

  it('and that a refused one was none, with the rows that are given up', async () => {
    let attempts = 0;
    const { news } = await ship([row('kept'), row('foreign')], () => {
      attempts += 1;
      if (attempts === 1) throw refusal(['/rows/1']);
    });
    await eventually(() => expect(news).toHaveLength(3), { withinMs: 10_000 });
    expect(news).toEqual([
      ['sealed', 1, ['kept', 'foreign']],
      ['unsealed', 1, ['foreign']],
      ['sealed', 1, ['kept']],
    ]);
  });

  it('but not of those that an earlier process left', async () => {
    const earlier = await UsageStore.open({ path: join(folder, 'usage.wal'), maxBytes: 1024 ** 3 });
    earlier.count([row('earlier')]);
    await earlier.seal();
    await earlier.close();
    const { news } = await ship([row('mine')], () => undefined);
    await eventually(() => expect(news).toEqual([['sealed', 1, ['mine']]]), { withinMs: 10_000 });
  });
});
