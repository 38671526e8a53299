import { outboxChannel, type Database } from '@tollgate/persistence';
import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

/** Which of a service's replicas publishes its outbox: the one whose connection holds the advisory lock. */
export class Leadership {
  readonly #runner: QueryRunner;
  readonly #lost = new AbortController();

  private constructor(runner: QueryRunner, client: PoolClient, onNotify: () => void) {
    this.#runner = runner;
    client.on('notification', onNotify);
    client.on('error', (cause) => this.#lost.abort(cause));
    client.on('end', () => this.#lost.abort(new Error('connection ended')));
  }

  /**
   * Takes the lead and listens for new entries, or returns null while another replica leads.
   * @param onNotify called whenever a transaction that wrote to the outbox has committed.
   */
  static async take(database: Database, onNotify: () => void): Promise<Leadership | null> {
    const runner = database.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      const channel = outboxChannel(database.schemaName);
      const locked = await client.query<{ won: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as won',
        [channel],
      );
      if (!locked.rows[0]?.won) {
        await runner.release();
        return null;
      }
      await client.query(`listen ${channel}`);
      return new Leadership(runner, client, onNotify);
    } catch (cause) {
      await runner.release();
      throw cause;
    }
  }

  /** Aborted when the connection, and with it the lock, is gone. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Lets another replica lead. */
  async release(): Promise<void> {
    if (!this.#lost.signal.aborted) await this.#runner.query('select pg_advisory_unlock_all()');
    if (!this.#lost.signal.aborted) await this.#runner.query('unlisten *');
    await this.#runner.release();
  }
}
