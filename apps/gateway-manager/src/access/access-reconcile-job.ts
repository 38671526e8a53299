import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER, METRICS, PLATFORM_CONFIG } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { GatewayManagerConfig } from '../config.ts';
import { AccessReconciler } from './access-reconciler.ts';

/** Advisory lock that lets one instance at a time reconcile. */
const jobLock = 7_103_117_291;

/** Reconciles the access state of every tenant now and then. Drift is expected to be 0: anything else is a bug that hides. */
@Injectable()
export class AccessReconcileJob implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #drift: Counter;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AccessReconciler) private readonly reconciler: AccessReconciler,
    @Inject(PLATFORM_CONFIG) private readonly config: GatewayManagerConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#drift = new Counter({
      name: 'tollgate_access_state_drift_total',
      help: 'Resources of the access state that reconciliation had to put right.',
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run()
        .catch((err: unknown) => this.logger.warn({ err }, 'access state could not be reconciled'))
        .finally(() => this.#schedule());
    }, this.config.ACCESS_RECONCILE_INTERVAL_SECONDS * 1000);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const runner = this.database.dataSource.createQueryRunner();
    try {
      const [lock] = (await runner.query('select pg_try_advisory_lock($1) as held', [jobLock])) as { held: boolean }[];
      if (!lock?.held) return;
      try {
        await this.#reconcileAll();
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [jobLock]);
      }
    } finally {
      await runner.release();
    }
  }

  async #reconcileAll(): Promise<void> {
    for (const tenantId of await this.#tenants()) {
      if (this.#isClosed) return;
      const { drift } = await this.reconciler.reconcile(tenantId);
      if (drift === 0) continue;
      this.#drift.inc(drift);
      this.logger.error({ tenantId, drift }, 'access state had drifted from the portal');
    }
  }

  async #tenants(): Promise<string[]> {
    const rows = await this.database.inSystem('reconcile-projections', ({ manager }) =>
      manager.query<{ id: string }[]>('select distinct tenant_id as id from gateway_groups order by id'),
    );
    return rows.map(({ id }) => id);
  }
}
