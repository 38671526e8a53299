import type { EachBatchPayload } from 'kafkajs';
import { BackOff } from '../bus/back-off.ts';
import type { BusLogger } from '../bus/bus-logger.ts';
import type { StoredRecord, SubscriptionOptions } from '../bus/event-bus.ts';
import { toStoredRecord } from './kafka-record.ts';

const heartbeatEveryMs = 1000;

/**
 * Hands what kafkajs fetched to a group's handler. An error of the handler never reaches kafkajs, which would stop the whole
 * consumer: the partition rests for a back-off and is read again from the last record acknowledged.
 */
export class PartitionBatches {
  readonly #options: SubscriptionOptions;
  readonly #closing: AbortSignal;
  readonly #logger: BusLogger;
  readonly #backOffs = new Map<string, BackOff>();

  constructor(options: SubscriptionOptions, closing: AbortSignal, logger: BusLogger) {
    this.#options = options;
    this.#closing = closing;
    this.#logger = logger;
  }

  /**
   * Takes a fetched batch, in pieces of at most `maxBatch`.
   * @throws KafkaJSError when the group rebalances, so that kafkajs joins again.
   */
  async take(payload: EachBatchPayload): Promise<void> {
    const heart = new Heart(payload, this.#closing);
    try {
      await this.#handle(payload, heart.signal);
    } catch (cause) {
      this.#rest(payload, cause);
    } finally {
      heart.stop();
    }
    heart.throwIfLost();
  }

  async #handle(payload: EachBatchPayload, signal: AbortSignal): Promise<void> {
    const { topic, partition, messages } = payload.batch;
    const { maxBatch } = this.#options;
    for (let start = 0; start < messages.length && !signal.aborted; start += maxBatch) {
      const records = messages
        .slice(start, start + maxBatch)
        .map((message) => toStoredRecord(topic, partition, message));
      let acknowledged: StoredRecord | undefined;
      await this.#options.handle({
        topic,
        partition,
        records,
        signal,
        acknowledge: (record) => {
          acknowledged = record;
          payload.resolveOffset(record.position);
          this.#backOff(payload).reset();
        },
      });
      if (acknowledged !== records.at(-1) && !signal.aborted) throw new Error('handler left records unacknowledged');
    }
  }

  #rest(payload: EachBatchPayload, cause: unknown): void {
    const { topic, partition } = payload.batch;
    this.#logger.warn({ err: cause, group: this.#options.group, topic, partition }, 'batch will be delivered again');
    const resume = payload.pause();
    setTimeout(resume, this.#backOff(payload).next()).unref();
  }

  #backOff({ batch: { topic, partition } }: EachBatchPayload): BackOff {
    const key = `${topic}/${partition}`;
    const backOff = this.#backOffs.get(key) ?? new BackOff({ firstMs: 100, longestMs: 5000 });
    this.#backOffs.set(key, backOff);
    return backOff;
  }
}

/** Keeps the group membership and saves positions while a batch is handled, and notices when the partition has to be left. */
class Heart {
  readonly #stopped = new AbortController();
  readonly #closing: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #failure: Error | undefined;

  constructor(payload: EachBatchPayload, closing: AbortSignal) {
    this.#closing = closing;
    this.#timer = setInterval(() => void this.#beat(payload), heartbeatEveryMs);
    closing.addEventListener('abort', this.#onClose);
    if (closing.aborted) this.#onClose();
  }

  /** Aborted when the handler has to finish. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#closing.removeEventListener('abort', this.#onClose);
  }

  throwIfLost(): void {
    if (this.#failure) throw this.#failure;
  }

  readonly #onClose = (): void => this.#stopped.abort();

  async #beat(payload: EachBatchPayload): Promise<void> {
    try {
      await payload.commitOffsetsIfNecessary();
      await payload.heartbeat();
    } catch (cause) {
      this.#failure = cause instanceof Error ? cause : new Error(String(cause));
      this.#stopped.abort();
    }
  }
}
