import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { BackOff } from '../bus/back-off.ts';
import { BusUnavailableError } from '../bus/bus-errors.ts';
import type { BusLogger } from '../bus/bus-logger.ts';
import type { Subscription, SubscriptionOptions } from '../bus/event-bus.ts';
import { PartitionBatches } from './partition-batches.ts';

/** Bytes a broker collects before it answers a batching consumer earlier than `maxWaitMs`. */
const batchingMinBytes = 256 * 1024;
const fetchWaitMs = 500;
const rebalanceGraceMs = 10_000;

/** How quickly the broker notices a dead member. */
export interface KafkaGroupTimings {
  /** A killed member's partitions stay unread this long, milliseconds. Brokers allow 6,000 or more by default. */
  readonly sessionMs: number;
}

/** A member of a Kafka consumer group that is made anew whenever kafkajs gives up. */
export class KafkaSubscription implements Subscription {
  readonly group: string;
  readonly #kafka: Kafka;
  readonly #options: SubscriptionOptions;
  readonly #timings: KafkaGroupTimings;
  readonly #logger: BusLogger;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  /** Until when the group counts as served; for ever while this member is in it. */
  #servedUntil = 0;

  constructor(kafka: Kafka, options: SubscriptionOptions, timings: KafkaGroupTimings, logger: BusLogger) {
    this.group = options.group;
    this.#kafka = kafka;
    this.#options = options;
    this.#timings = timings;
    this.#logger = logger;
    this.#running = this.#run();
  }

  async check(): Promise<void> {
    if (performance.now() > this.#servedUntil) {
      throw new BusUnavailableError(`consumer ${this.group} has not joined its group`);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const backOff = new BackOff({ firstMs: 200, longestMs: 5000 });
    while (!signal.aborted) {
      try {
        await this.#consume(signal, () => backOff.reset());
      } catch (cause) {
        this.#logger.warn({ err: cause, group: this.group }, 'consumer lost its group; it joins again');
        await backOff.wait(signal);
      }
    }
  }

  /** Consumes until the signal is aborted; rejects when kafkajs stops for another reason. */
  async #consume(signal: AbortSignal, onJoined: () => void): Promise<void> {
    const consumer = this.#makeConsumer();
    const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort);
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.#servedUntil = Infinity;
      onJoined();
    });
    consumer.on(consumer.events.REBALANCING, () => this.#leave());
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
      await Promise.all([stopped, consumer.run(this.#runConfig(signal))]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#leave();
      await consumer.disconnect().catch((cause: unknown) => {
        this.#logger.warn(
          { err: cause, group: this.group },
          'consumer did not leave its group; its session will expire',
        );
      });
    }
  }

  /** A rebalance, as each rolling update brings, must not make every replica unready. */
  #leave(): void {
    if (this.#servedUntil === Infinity) this.#servedUntil = performance.now() + rebalanceGraceMs;
  }

  #makeConsumer(): Consumer {
    const { maxWaitMs } = this.#options;
    return this.#kafka.consumer({
      groupId: this.group,
      sessionTimeout: this.#timings.sessionMs,
      heartbeatInterval: this.#timings.sessionMs / 5,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: maxWaitMs > 0 ? maxWaitMs : fetchWaitMs,
      minBytes: maxWaitMs > 0 ? batchingMinBytes : 1,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 4, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  #runConfig(signal: AbortSignal): Parameters<Consumer['run']>[0] {
    const batches = new PartitionBatches(this.#options, signal, this.#logger);
    return {
      autoCommit: true,
      autoCommitInterval: 1000,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 12,
      eachBatch: (payload: EachBatchPayload) => batches.take(payload),
    };
  }
}
