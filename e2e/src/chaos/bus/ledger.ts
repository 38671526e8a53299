import { Client } from 'pg';

/** What went in and what came out, read behind the service's back. */
export interface Ledger {
  /** Events that units of work emitted, as their committed rows say. */
  readonly made: number;
  readonly applied: number;
  /** Records that the bus confirmed to producers without an outbox. */
  readonly confirmed: number;
  readonly counted: number;
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** Entries that still wait in the outbox. */
  readonly waiting: number;
}

const counts = `select
  (select count(*) from analytics.made)::int as made,
  (select count(*) from analytics.applied)::int as applied,
  (select count(*) from analytics.confirmed)::int as confirmed,
  (select count(*) from analytics.counted)::int as counted,
  (select count(*) from analytics.outbox)::int as waiting,
  (select count(*) from (select key, number from analytics.made except select key, number from analytics.applied) missing)::int
    + (select count(*) from (select key, number from analytics.confirmed except select key, number from analytics.counted) missing)::int as lost,
  (select count(*) - count(distinct (key, number)) from analytics.applied)::int as doubled,
  (select count(*) from (select number < lag(number) over (partition by key order by id) as backwards from analytics.applied) a where backwards)::int
    + (select count(*) from (select number < lag(number) over (partition by key order by id) as backwards from analytics.counted) c where backwards)::int as "outOfOrder"`;

/** Reads the ledger; rejects while the database is away. */
export async function readLedger(adminUrl: string): Promise<Ledger> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Ledger>(counts);
    const [ledger] = rows;
    if (!ledger) throw new Error('the ledger cannot be read');
    return ledger;
  } finally {
    await client.end();
  }
}
