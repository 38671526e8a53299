import { Redis, type RedisOptions } from 'ioredis';
import { BacklogFullError, BusUnavailableError } from '../bus/bus-errors.ts';
import type {
  BusRecord,
  EventBus,
  StoredRecord,
  Subscription,
  SubscriptionOptions,
  TopicSpec,
} from '../bus/event-bus.ts';
import { closeSubscriptions } from '../bus/close-subscriptions.ts';
import { refuseOversized } from '../bus/record-size.ts';
import { warnUnlessDurable } from './durability.ts';
import { streamKey, wakeChannel } from './keys.ts';
import { redisBusSettings, type RedisBusOptions, type RedisBusSettings } from './redis-bus-options.ts';
import { RedisSubscription } from './redis-subscription.ts';
import { publishScript } from './scripts.ts';
import { beginning, isAfter, newestPosition, readAfter } from './stream-entries.ts';
import { partitionOf, TopicRegistry } from './topic-registry.ts';
import { trimPartition } from './trim.ts';
import { WakeUps } from './wake-ups.ts';

const readPage = 200;

/**
 * The event bus on Redis Streams, for installations without Kafka. One stream per partition; a group's position is the
 * last-delivered id of the stream's Redis consumer group. Records are read with XRANGE rather than XREADGROUP: a read that
 * changes nothing needs no fencing, and what a member had not acknowledged is simply read again by the next one.
 * Needs one Redis node (no cluster) with `appendonly yes`, `appendfsync always` and `maxmemory-policy noeviction`.
 */
export class RedisEventBus implements EventBus {
  readonly #settings: RedisBusSettings;
  readonly #redis: Redis;
  readonly #listener: Redis;
  readonly #wakeUps: WakeUps;
  readonly #registry: TopicRegistry;
  readonly #subscriptions = new Set<Subscription>();
  #isListening = false;

  constructor(options: RedisBusOptions) {
    this.#settings = redisBusSettings(options);
    this.#redis = connect(this.#settings, { maxRetriesPerRequest: 1, commandTimeout: 10_000 });
    this.#listener = connect(this.#settings, { maxRetriesPerRequest: null, autoResubscribe: false });
    this.#wakeUps = new WakeUps(this.#listener, this.#settings.logger);
    this.#registry = new TopicRegistry(this.#redis);
  }

  async publish(records: readonly BusRecord[]): Promise<void> {
    if (records.length === 0) return;
    refuseOversized(records);
    try {
      if ((await this.#append(records)) === 'stored') return;
      await this.#trim(records);
      if ((await this.#append(records)) === 'full') throw new BacklogFullError('consumers are too far behind');
    } catch (cause) {
      throw cause instanceof BusUnavailableError ? cause : new BusUnavailableError('redis did not confirm', { cause });
    }
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#registry.ensure(topics);
  }

  subscribe(options: SubscriptionOptions): Subscription {
    this.#listen();
    const subscription = new RedisSubscription({
      redis: this.#redis,
      registry: this.#registry,
      wakeUps: this.#wakeUps,
      settings: this.#settings,
      options,
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(topic: string): AsyncIterable<StoredRecord> {
    const { partitions } = await this.#registry.get(topic);
    for (let partition = 0; partition < partitions; partition += 1) {
      const end = await newestPosition(this.#redis, topic, partition);
      let position = beginning;
      while (isAfter(end, position)) {
        const page = await readAfter(this.#redis, { topic, partition, position, count: readPage });
        const last = page.at(-1);
        if (last === undefined) break;
        yield* page.filter((record) => !isAfter(record.position, end));
        position = last.position;
      }
    }
  }

  async check(): Promise<void> {
    await this.#redis.ping();
  }

  async close(): Promise<void> {
    await closeSubscriptions(this.#subscriptions, this.#settings.logger);
    this.#subscriptions.clear();
    this.#listener.disconnect();
    this.#redis.disconnect();
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    void warnUnlessDurable(this.#redis, this.#settings.logger);
    this.#wakeUps.listen();
  }

  /** Stores all records or, when a stream has reached its cap or Redis its memory limit, none. */
  async #append(records: readonly BusRecord[]): Promise<'stored' | 'full'> {
    const streams = new Map<string, number>();
    const args: (string | number)[] = [this.#settings.maxBacklog, wakeChannel];
    for (const { topic, key, value, headers } of records) {
      const { partitions } = await this.#registry.get(topic);
      const stream = streamKey(topic, partitionOf(key, partitions));
      const index = streams.get(stream) ?? streams.size + 1;
      streams.set(stream, index);
      args.push(index, key, value, JSON.stringify(headers));
    }
    try {
      const fullStream = await publishScript.run(this.#redis, [...streams.keys()], args);
      return fullStream === null ? 'stored' : 'full';
    } catch (cause) {
      if (isOutOfMemory(cause)) return 'full';
      throw cause;
    }
  }

  async #trim(records: readonly BusRecord[]): Promise<void> {
    for (const name of new Set(records.map((record) => record.topic))) {
      const topic = await this.#registry.get(name);
      for (let partition = 0; partition < topic.partitions; partition += 1) {
        await trimPartition(this.#redis, topic, partition, this.#settings.trimAbove);
      }
    }
  }
}

/** Connections retry for ever; a command gives up early, so that its caller can decide. */
function connect(
  settings: RedisBusSettings,
  options: Pick<RedisOptions, 'maxRetriesPerRequest' | 'commandTimeout' | 'autoResubscribe'>,
): Redis {
  const redis = new Redis(settings.url, { ...options, retryStrategy: (times) => Math.min(50 * 2 ** times, 1000) });
  redis.on('error', (cause: unknown) => settings.logger.warn({ err: cause }, 'redis connection failed'));
  return redis;
}

function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && /\bOOM\b/.test(cause.message);
}
