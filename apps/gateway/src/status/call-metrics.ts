import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import type { WorkerReport } from '../workers/messages.ts';
import { CallSeries } from './call-series.ts';
import type { CountedCalls } from './call-tallies.ts';

/** Turns what workers report into Prometheus series; the names and labels are those of APISIX. */
export class CallMetrics {
  readonly registry = new Registry();
  readonly #series: CallSeries;
  readonly #noise: Counter<'reason'>;
  readonly #failures: Counter;
  readonly #workersEnded: Counter;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#series = new CallSeries(this.registry);
    this.#noise = new Counter({
      name: 'tollgate_gateway_noise_total',
      help: 'Requests and connections that were no calls, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.#failures = new Counter({
      name: 'tollgate_gateway_failures_total',
      help: 'Unexpected failures of engine or policies, answered with 500.',
      registers,
    });
    this.#workersEnded = new Counter({
      name: 'tollgate_gateway_workers_ended_total',
      help: 'Workers that ended though nobody had asked them to, and were replaced.',
      registers,
    });
  }

  /** Adds what happened at a worker since its last report. */
  add({ noise, failures }: Pick<WorkerReport, 'noise' | 'failures'>): void {
    for (const [reason, count] of noise) this.#noise.inc({ reason }, count);
    this.#failures.inc(failures);
  }

  /** Adds calls that a worker has counted. */
  addCalls(counted: CountedCalls): void {
    this.#series.add(counted);
  }

  workerEnded(): void {
    this.#workersEnded.inc();
  }
}
