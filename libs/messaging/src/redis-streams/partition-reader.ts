import type { Redis } from 'ioredis';
import type { WakeSignal } from '../bus/wake-signal.ts';
import { BackOff, pause } from '../bus/back-off.ts';
import type { StoredRecord, SubscriptionOptions, TopicSpec } from '../bus/event-bus.ts';
import { streamKey } from './keys.ts';
import type { PartitionLease } from './partition-lease.ts';
import type { RedisBusSettings } from './redis-bus-options.ts';
import { readAfter } from './stream-entries.ts';
import { trimPartition } from './trim.ts';
import type { WakeUps } from './wake-ups.ts';

/** A look without being woken, in case a wake-up was lost. */
const idlePollMs = 5000;
const trimEveryMs = 5000;

/** What a {@link PartitionReader} works with. */
export interface PartitionReaderInput {
  readonly redis: Redis;
  readonly wakeUps: WakeUps;
  readonly settings: RedisBusSettings;
  readonly subscription: SubscriptionOptions;
  readonly topic: TopicSpec;
  readonly partition: number;
  readonly lease: PartitionLease;
}

/** Hands the records of one partition to a group's handler, batch after batch, while it holds the lease. */
export class PartitionReader {
  readonly lease: PartitionLease;
  readonly #input: PartitionReaderInput;
  readonly #stopping = new AbortController();
  readonly #backOff = new BackOff({ firstMs: 100, longestMs: 5000 });
  readonly #signal: WakeSignal;
  readonly #running: Promise<void>;
  #acknowledged: string;
  #committed: string;
  #trimmedAt = performance.now();
  #isTrimmed = true;
  #stopped: Promise<void> | undefined;

  constructor(input: PartitionReaderInput) {
    this.#input = input;
    this.lease = input.lease;
    this.#acknowledged = input.lease.position;
    this.#committed = input.lease.position;
    this.#signal = input.wakeUps.add(this.#stream);
    this.#running = this.#run().finally(() => input.wakeUps.remove(this.#stream, this.#signal));
  }

  /** The lease is gone: finish the record at hand and save nothing. */
  async lose(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Finishes the record at hand, saves the position and gives the partition up. */
  stop(): Promise<void> {
    this.#stopped ??= this.#finish();
    return this.#stopped;
  }

  /** Saves the position, also in the middle of a slow batch. */
  async commit(): Promise<void> {
    const position = this.#acknowledged;
    if (position === this.#committed) return;
    if (await this.lease.commit(position)) this.#committed = position;
    else this.#stopping.abort();
  }

  get #stream(): string {
    return streamKey(this.#input.topic.name, this.#input.partition);
  }

  async #finish(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.commit();
    await this.lease.release();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#step(signal);
      } catch (cause) {
        const { subscription, topic, partition, settings } = this.#input;
        settings.logger.warn(
          { err: cause, group: subscription.group, topic: topic.name, partition },
          'batch will be delivered again',
        );
        await this.#backOff.wait(signal);
      }
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const records = await this.#read(signal);
    if (records.length === 0) await this.#signal.wait(idlePollMs, signal);
    else await this.#handle(records, signal);
    await this.#trim();
  }

  async #handle(records: readonly StoredRecord[], signal: AbortSignal): Promise<void> {
    const { subscription, topic, partition } = this.#input;
    try {
      await subscription.handle({
        topic: topic.name,
        partition,
        records,
        signal,
        acknowledge: (record) => {
          this.#acknowledged = record.position;
          this.#isTrimmed = false;
          this.#backOff.reset();
        },
      });
    } finally {
      await this.commit();
    }
    if (this.#acknowledged !== records.at(-1)?.position) await this.#backOff.wait(signal);
  }

  async #read(signal: AbortSignal): Promise<StoredRecord[]> {
    const { subscription } = this.#input;
    const records = await this.#look();
    if (subscription.maxWaitMs === 0 || records.length === 0 || records.length === subscription.maxBatch)
      return records;
    await pause(subscription.maxWaitMs, signal);
    return this.#look();
  }

  #look(): Promise<StoredRecord[]> {
    return readAfter(this.#input.redis, {
      topic: this.#input.topic.name,
      partition: this.#input.partition,
      position: this.#acknowledged,
      count: this.#input.subscription.maxBatch,
    });
  }

  async #trim(): Promise<void> {
    if (this.#isTrimmed || performance.now() - this.#trimmedAt < trimEveryMs) return;
    const { redis, topic, partition, settings } = this.#input;
    await trimPartition(redis, topic, partition, settings.trimAbove);
    this.#isTrimmed = true;
    this.#trimmedAt = performance.now();
  }
}
