import { Inject, Injectable } from '@nestjs/common';
import { METRICS } from '@tollgate/platform';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { IngestionPlan } from './plan-ingestion.ts';

/** What operators see of ingestion. A growing `conflict` or `refused` is a data plane that must be looked at. */
@Injectable()
export class IngestionMetrics {
  readonly #batches: Counter<'outcome'>;
  readonly #calls: Counter;
  readonly #clampedRows: Counter;
  readonly #delay: Gauge;

  constructor(@Inject(METRICS) registry: Registry) {
    const registers = [registry];
    this.#batches = new Counter({
      name: 'tollgate_usage_batches_total',
      help: 'Usage batches by what became of them.',
      labelNames: ['outcome'],
      registers,
    });
    this.#calls = new Counter({ name: 'tollgate_usage_calls_total', help: 'Calls that were counted.', registers });
    this.#clampedRows = new Counter({
      name: 'tollgate_usage_clamped_rows_total',
      help: 'Usage rows whose minute lay more than 5 minutes ahead.',
      registers,
    });
    this.#delay = new Gauge({
      name: 'tollgate_usage_delay_seconds',
      help: 'From the acceptance of the newest batch to the moment it could be queried.',
      registers,
    });
  }

  record({ admissions, minutes, clampedRows }: IngestionPlan, newestAcceptedAt: number): void {
    for (const [outcome, count] of Object.entries(admissions)) this.#batches.inc({ outcome }, count);
    this.#calls.inc(minutes.reduce((sum, { calls }) => sum + calls, 0));
    this.#clampedRows.inc(clampedRows);
    this.#delay.set(Math.max(0, Date.now() / 1000 - newestAcceptedAt));
  }
}
