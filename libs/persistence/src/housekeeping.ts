import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Database } from './unit/database.ts';
import type { PostgresIdempotencyStore } from './unit/idempotency-store.ts';
import { forgetInbox } from './unit/inbox.ts';

const everyMs = 60 * 60 * 1000;
/** Longer than any topic keeps an event, so that no event can come again after its inbox row is gone. */
const inboxRetentionMs = 45 * 24 * 60 * 60 * 1000;

/** Deletes idempotency keys and inbox rows that are past their time, once an hour. */
export class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly keys: PostgresIdempotencyStore,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#tryOnce(), everyMs);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Deletes what is past its time now. */
  async runOnce(): Promise<{ idempotencyKeys: number; inboxRows: number }> {
    const inboxRows = await forgetInbox(this.database, new Date(Date.now() - inboxRetentionMs));
    return { idempotencyKeys: await this.keys.forgetExpired(), inboxRows };
  }

  async #tryOnce(): Promise<void> {
    try {
      await this.runOnce();
    } catch (err) {
      this.logger.warn({ err }, 'housekeeping failed; it is tried again in an hour');
    }
  }
}
