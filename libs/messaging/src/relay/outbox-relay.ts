import type { Tracer } from '@opentelemetry/api';
import type { Database } from '@tollgate/persistence';
import { BackOff } from '../bus/back-off.ts';
import type { BusLogger } from '../bus/bus-logger.ts';
import type { EventBus } from '../bus/event-bus.ts';
import { toRecord } from '../bus/event-codec.ts';
import { WakeSignal } from '../bus/wake-signal.ts';
import type { MessagingMetrics } from '../metrics/messaging-metrics.ts';
import { tracePublished } from '../tracing/event-spans.ts';
import { Leadership } from './leadership.ts';
import { Outbox } from './outbox.ts';

const batchSize = 200;
/** A look without being notified, in case a notification was lost. */
const leaderPollMs = 5000;
/** How soon another replica takes over after the leader died. */
const followerPollMs = 1000;
/** How long publishing may fail before the service counts as not ready, milliseconds. */
const toleratedFailureMs = 5000;

/** What an {@link OutboxRelay} works with. */
export interface OutboxRelayInput {
  readonly database: Database;
  readonly bus: EventBus;
  readonly metrics: MessagingMetrics;
  readonly tracer: Tracer;
  readonly logger: BusLogger;
}

/**
 * Publishes what the service's units of work put into the outbox, in order, at least once. One replica at a time does it. An
 * entry leaves the outbox after the bus has confirmed it; while bus or database are away, entries wait.
 */
export class OutboxRelay {
  readonly #input: OutboxRelayInput;
  readonly #outbox: Outbox;
  readonly #stopping = new AbortController();
  readonly #signal = new WakeSignal();
  #running: Promise<void> | undefined;
  #failingSince: number | undefined;

  constructor(input: OutboxRelayInput) {
    this.#input = input;
    this.#outbox = new Outbox(input.database);
    input.metrics.observeOutbox(() => this.#outbox.depth());
  }

  /** Starts to publish, now or as soon as this replica leads. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Finishes the batch at hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Rejects when publishing has been failing for some seconds. */
  async check(): Promise<void> {
    if (this.#failingSince !== undefined && performance.now() - this.#failingSince > toleratedFailureMs) {
      throw new Error('the outbox cannot be published');
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const backOff = new BackOff({ firstMs: 100, longestMs: 5000 });
    while (!signal.aborted) {
      try {
        await this.#takeTurn(signal, backOff);
      } catch (cause) {
        this.#failingSince ??= performance.now();
        this.#input.metrics.publishFailures.inc();
        this.#input.logger.warn({ err: cause }, 'outbox not published; it waits');
        await backOff.wait(signal);
      }
    }
  }

  async #takeTurn(signal: AbortSignal, backOff: BackOff): Promise<void> {
    const leadership = await Leadership.take(this.#input.database, () => this.#signal.ring());
    if (!leadership) {
      this.#failingSince = undefined;
      return this.#signal.wait(followerPollMs, signal);
    }
    try {
      const ended = AbortSignal.any([signal, leadership.lost]);
      while (!ended.aborted) {
        if (await this.#publishBatch()) continue;
        this.#failingSince = undefined;
        backOff.reset();
        await this.#signal.wait(leaderPollMs, ended);
      }
    } finally {
      await leadership.release();
    }
  }

  /** True when there may be more. */
  async #publishBatch(): Promise<boolean> {
    const { bus, metrics, tracer } = this.#input;
    const entries = await this.#outbox.oldest(batchSize);
    if (entries.length === 0) return false;
    await bus.publish(entries.map((entry) => toRecord(entry, tracePublished(tracer, entry))));
    await this.#outbox.remove(entries);
    metrics.published.inc(entries.length);
    return entries.length === batchSize;
  }
}
