import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Database } from '@tollgate/persistence';
import type { Logger } from 'pino';
import type { Projections } from './projections.ts';
import type { Tenants } from './tenants.ts';

/** What a job works with. */
export interface ReconcileJobParts {
  readonly database: Database;
  readonly projections: Projections;
  readonly tenants: Tenants;
  readonly logger: Logger;
  readonly intervalSeconds: number;
}

/** Reconciles the projections of every tenant now and then, in one instance of a service at a time. */
export class ReconcileJob implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #parts: ReconcileJobParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: ReconcileJobParts) {
    this.#parts = parts;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#wake(), this.#parts.intervalSeconds * 1000);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Reconciles all tenants now, unless another instance does. A tenant that fails is left for the next time. */
  async runOnce(): Promise<void> {
    const runner = this.#parts.database.dataSource.createQueryRunner();
    const lock = [`reconcile ${this.#parts.database.schemaName}`];
    try {
      const [held] = (await runner.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', lock)) as {
        held: boolean;
      }[];
      if (held?.held !== true) return;
      try {
        await this.#reconcileAll();
      } finally {
        await runner.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
      }
    } finally {
      await runner.release();
    }
  }

  #wake(): void {
    this.#running ??= this.runOnce()
      .catch((err: unknown) => this.#parts.logger.warn({ err }, 'projections could not be reconciled'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #reconcileAll(): Promise<void> {
    const { tenants, projections, logger } = this.#parts;
    for await (const tenantId of tenants.ids()) {
      if (this.#isClosed) return;
      try {
        await projections.rebuild(tenantId);
      } catch (err) {
        logger.warn({ err, tenantId }, 'projections of a tenant could not be reconciled; they are next time');
      }
    }
  }
}
