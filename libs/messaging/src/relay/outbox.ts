import { eventEnvelope, type EventEnvelope, type TopicEvent } from '@tollgate/contracts/events';
import type { Database } from '@tollgate/persistence';
import { z } from 'zod';

const purpose = 'outbox-relay';

const storedRow = z.object({
  id: z.string(),
  topic: z.string(),
  envelope: z.custom<EventEnvelope>((value) => eventEnvelope.safeParse(value).success, 'not an event envelope'),
});

/** An event that waits to be published. */
export interface OutboxEntry extends TopicEvent {
  readonly id: string;
}

/** The outbox table of a service, as the relay sees it: all tenants, in the order of insertion. */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The oldest entries. */
  async oldest(limit: number): Promise<OutboxEntry[]> {
    return this.#database.inSystem(purpose, async ({ manager }) => {
      const rows: unknown = await manager.query('select id, topic, envelope from outbox order by id limit $1', [limit]);
      return z.array(storedRow).parse(rows);
    });
  }

  /** Removes entries that the bus has taken. Others with smaller ids may still be about to commit, so it goes by id. */
  async remove(entries: readonly OutboxEntry[]): Promise<void> {
    const ids = entries.map((entry) => entry.id);
    await this.#database.inSystem(purpose, ({ manager }) =>
      manager.query('delete from outbox where id = any($1::bigint[])', [ids]),
    );
  }

  /** How much waits, and for how long the oldest has. Counting stops at 100,000. */
  async depth(): Promise<{ depth: number; oldestSeconds: number }> {
    return this.#database.inSystem(purpose, async ({ manager }) => {
      const [row] = await manager.query<{ depth: number; oldest: number }[]>(
        `select (select count(*)::int from (select from outbox limit 100000) waiting) as depth,
                coalesce((select extract(epoch from now() - created_at)::float8 from outbox order by id limit 1), 0) as oldest`,
      );
      return { depth: row?.depth ?? 0, oldestSeconds: row?.oldest ?? 0 };
    });
  }
}
