import type { EngineMetrics, NoiseReason, ObservedCall } from '@tollgate/engine';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

const latencyBuckets = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** Turns what the engine reports into Prometheus series; the names and labels are those of APISIX. */
export class CallMetrics implements EngineMetrics {
  readonly registry = new Registry();
  readonly #calls: Counter<'code' | 'route' | 'service' | 'consumer' | 'group'>;
  readonly #latency: Histogram<'route' | 'service' | 'group'>;
  readonly #noise: Counter<'reason'>;
  readonly #failures: Counter;

  constructor(private readonly logger: Logger) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#calls = new Counter({
      name: 'apisix_http_status',
      help: 'Calls by status, route, service, consumer and gateway group.',
      labelNames: ['code', 'route', 'service', 'consumer', 'group'],
      registers,
    });
    this.#latency = new Histogram({
      name: 'apisix_http_latency',
      help: 'Latency of calls in milliseconds.',
      labelNames: ['route', 'service', 'group'],
      buckets: latencyBuckets,
      registers,
    });
    this.#noise = new Counter({
      name: 'tollgate_gateway_noise_total',
      help: 'Requests that were no calls: unknown host, unreadable head.',
      labelNames: ['reason'],
      registers,
    });
    this.#failures = new Counter({
      name: 'tollgate_gateway_failures_total',
      help: 'Unexpected failures of engine or policies, answered with 500.',
      registers,
    });
  }

  observe({ groupId: group, route, caller, outcome, preferName }: ObservedCall): void {
    const routeLabel = (preferName ? route?.name : null) ?? route?.id ?? '';
    const service = route?.serviceId ?? '';
    const consumer = caller?.consumerId ?? '';
    this.#calls.inc({ code: outcome.status, route: routeLabel, service, consumer, group });
    this.#latency.observe({ route: routeLabel, service, group }, outcome.latencyUs / 1000);
  }

  noise(reason: NoiseReason): void {
    this.#noise.inc({ reason });
  }

  failure(cause: unknown, requestId: string): void {
    this.#failures.inc();
    this.logger.error({ err: cause, requestId }, 'a call failed unexpectedly');
  }
}
