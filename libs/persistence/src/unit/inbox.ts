import type { Database } from './database.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Records that `consumer` handles this event, in the transaction of the effect. False: it took effect before; do nothing.
 * A second unit with the same event waits until the first has committed or rolled back.
 */
export async function recordInbox(unit: UnitOfWork, consumer: string, eventId: string): Promise<boolean> {
  const inserted = await unit.manager.query<unknown[]>(
    'insert into inbox (consumer, event_id) values ($1, $2) on conflict do nothing returning event_id',
    [consumer, eventId],
  );
  return inserted.length === 1;
}

/** Forgets events handled before `before`, which must lie beyond the topics' retention. Returns how many. */
export async function forgetInbox(database: Database, before: Date): Promise<number> {
  return database.inSystem('event-inbox', async ({ manager }) => {
    const [, count] = await manager.query<[unknown[], number]>('delete from inbox where received_at < $1', [before]);
    return count;
  });
}
