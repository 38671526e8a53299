import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventPublisher } from '@tollgate/messaging';
import type { Database, UnitOfWork } from '@tollgate/persistence';
import { seriesAdvanced, tallyReported } from './ledger-schema.ts';

const seriesCount = 12;
const pauseMs = 8;
const afterFailureMs = 50;

/** Keeps producing, whatever fails, until the signal is aborted; ends between two events. */
export async function produce(
  database: Database,
  publisher: EventPublisher,
  tenantId: string,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    repeat(signal, (round) => database.inTenant(tenantId, (unit) => advance(unit, `series-${round % seriesCount}`))),
    reportTallies(database, publisher, tenantId, signal),
  ]);
}

/** Takes the next number of a series that all producers share, and emits it. */
async function advance(unit: UnitOfWork, key: string): Promise<void> {
  const [row] = await unit.manager.query<{ number: number }[]>(
    `insert into series as held (tenant_id, key, next) values ($1, $2, 1)
     on conflict (tenant_id, key) do update set next = held.next + 1 returning next - 1 as number`,
    [unit.tenantId, key],
  );
  const number = row?.number ?? 0;
  await unit.manager.query('insert into made (tenant_id, key, number) values ($1, $2, $3)', [
    unit.tenantId,
    key,
    number,
  ]);
  await unit.emit(seriesAdvanced.create({ subject: key, tenantId: unit.tenantId, data: { key, number } }));
}

/** Publishes 0, 1, 2, … of a key of this process, each until the bus confirms it, and writes down what was confirmed. */
async function reportTallies(
  database: Database,
  publisher: EventPublisher,
  tenantId: string,
  signal: AbortSignal,
): Promise<void> {
  const key = `tally-${randomUUID()}`;
  const confirmed: number[] = [];
  let number = 0;
  await repeat(signal, async () => {
    await publisher.publish([tallyReported.create({ subject: key, tenantId, data: { key, number } })]);
    confirmed.push(number);
    number += 1;
    await database.inTenant(tenantId, async ({ manager }) => {
      await manager.query('insert into confirmed (tenant_id, key, number) select $1, $2, unnest($3::int[])', [
        tenantId,
        key,
        confirmed,
      ]);
    });
    confirmed.length = 0;
  });
}

async function repeat(signal: AbortSignal, work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; !signal.aborted; round += 1) {
    try {
      await work(round);
      await delay(pauseMs);
    } catch {
      await delay(afterFailureMs);
    }
  }
}
