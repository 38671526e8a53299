import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What became of a delivered event. */
export type DeliveryOutcome = 'applied' | 'duplicate' | 'ignored' | 'dead_lettered';

/** Metrics of one service's messaging, in the service's own registry. */
export class MessagingMetrics {
  readonly delivered: Counter<'consumer' | 'outcome'>;
  readonly retries: Counter<'consumer'>;
  readonly lag: Histogram<'consumer'>;
  readonly published: Counter;
  readonly publishFailures: Counter;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#registry = registry;
    this.delivered = new Counter({
      name: 'tollgate_events_delivered_total',
      help: 'Events delivered to a consumer, by what became of them.',
      labelNames: ['consumer', 'outcome'],
      registers,
    });
    this.retries = new Counter({
      name: 'tollgate_event_retries_total',
      help: 'Times a handler rejected and was tried again.',
      labelNames: ['consumer'],
      registers,
    });
    this.lag = new Histogram({
      name: 'tollgate_event_lag_seconds',
      help: 'Time from an event being stored by the broker to having taken effect.',
      labelNames: ['consumer'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300, 3600],
      registers,
    });
    this.published = new Counter({
      name: 'tollgate_outbox_published_total',
      help: 'Events published from the outbox.',
      registers,
    });
    this.publishFailures = new Counter({
      name: 'tollgate_outbox_publish_failures_total',
      help: 'Times a batch of the outbox could not be published and was kept.',
      registers,
    });
  }

  /** Reports the outbox; `read` is called at each scrape. */
  observeOutbox(read: () => Promise<{ depth: number; oldestSeconds: number }>): void {
    const oldest = new Gauge({
      name: 'tollgate_outbox_oldest_seconds',
      help: 'Age of the oldest event that waits to be published.',
      registers: [this.#registry],
    });
    new Gauge({
      name: 'tollgate_outbox_depth',
      help: 'Events that wait to be published.',
      registers: [this.#registry],
      async collect() {
        const { depth, oldestSeconds } = await read();
        this.set(depth);
        oldest.set(oldestSeconds);
      },
    });
  }
}
