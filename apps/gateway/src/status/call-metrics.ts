import type { EngineMetrics, NoiseReason, ObservedCall } from '@tollgate/engine';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { CallSeries } from './call-series.ts';

/** Turns what the engine reports into Prometheus series; the names and labels are those of APISIX. */
export class CallMetrics implements EngineMetrics {
  readonly registry = new Registry();
  readonly #series: CallSeries;
  readonly #noise: Counter<'reason'>;
  readonly #failures: Counter;

  constructor(private readonly logger: Logger) {
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
  }

  observe(call: ObservedCall): void {
    this.#series.count(call);
  }

  noise(reason: NoiseReason): void {
    this.#noise.inc({ reason });
  }

  failure(cause: unknown, requestId: string): void {
    this.#failures.inc();
    this.logger.error({ err: cause, requestId }, 'a call failed unexpectedly');
  }
}
