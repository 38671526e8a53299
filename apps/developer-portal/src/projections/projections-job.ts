import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { METRICS } from '@tollgate/platform';
import { Counter, type Registry } from 'prom-client';
import { ProjectionsReconciler } from './projections-reconciler.ts';

const everyMs = 60 * 60 * 1000;

/** Reconciles the projections once an hour. Drift is expected to be 0: anything else is a bug that hides. */
@Injectable()
export class ProjectionsJob implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(ProjectionsJob.name);
  readonly #drift: Counter;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    @Inject(ProjectionsReconciler) private readonly reconciler: ProjectionsReconciler,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#drift = new Counter({
      name: 'tollgate_portal_projection_drift_total',
      help: 'Tenants and gateway groups that reconciliation had to put right.',
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#wake(), everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #wake(): void {
    this.#running ??= this.#run()
      .catch((err: unknown) => this.#logger.warn({ err }, 'projections could not be reconciled'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #run(): Promise<void> {
    const { drift } = await this.reconciler.reconcile();
    this.#drift.inc(drift);
    if (drift > 0) this.#logger.error({ drift }, 'projections had drifted from their owners');
  }
}
