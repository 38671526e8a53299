import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { WakeSignal } from '../bus/wake-signal.ts';
import { BackOff } from '../bus/back-off.ts';
import { BusUnavailableError } from '../bus/bus-errors.ts';
import type { Subscription, SubscriptionOptions, TopicSpec } from '../bus/event-bus.ts';
import { assignedPartitions } from './assignment.ts';
import { groupSignal, leaseKey, membersKey, wakeChannel } from './keys.ts';
import { PartitionLease } from './partition-lease.ts';
import { PartitionReader } from './partition-reader.ts';
import type { RedisBusSettings } from './redis-bus-options.ts';
import { heartbeatScript, leaveScript } from './scripts.ts';
import type { TopicRegistry } from './topic-registry.ts';
import type { WakeUps } from './wake-ups.ts';

const heartbeatAnswer = z.tuple([z.array(z.array(z.string())), z.array(z.number())]);

/** What a {@link RedisSubscription} works with. */
export interface RedisSubscriptionInput {
  readonly redis: Redis;
  readonly registry: TopicRegistry;
  readonly wakeUps: WakeUps;
  readonly settings: RedisBusSettings;
  readonly options: SubscriptionOptions;
}

/** A member of a consumer group: keeps itself known, takes its share of the partitions and gives up what others should have. */
export class RedisSubscription implements Subscription {
  readonly group: string;
  readonly #input: RedisSubscriptionInput;
  readonly #member = randomUUID();
  readonly #closing = new AbortController();
  readonly #signal: WakeSignal;
  readonly #readers = new Map<string, PartitionReader>();
  readonly #running: Promise<void>;
  #aliveUntil = 0;
  #isDraining = false;

  constructor(input: RedisSubscriptionInput) {
    this.#input = input;
    this.group = input.options.group;
    this.#signal = input.wakeUps.add(groupSignal(this.group));
    this.#running = this.#run();
  }

  async check(): Promise<void> {
    if (performance.now() > this.#aliveUntil) throw new BusUnavailableError(`consumer ${this.group} is not connected`);
  }

  async close(): Promise<void> {
    this.#isDraining = true;
    await Promise.all([...this.#readers].map(([key, reader]) => this.#giveUp(key, reader)));
    this.#closing.abort();
    await this.#running;
    this.#input.wakeUps.remove(groupSignal(this.group), this.#signal);
    try {
      await leaveScript.run(this.#input.redis, this.#memberSets(), [
        this.#member,
        wakeChannel,
        groupSignal(this.group),
      ]);
    } catch (cause) {
      this.#warn(cause, 'consumer group not left; the member will expire');
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { leaseMs } = this.#input.settings;
    const backOff = new BackOff({ firstMs: 100, longestMs: leaseMs / 3 });
    while (!signal.aborted) {
      try {
        await this.#heartbeat();
        backOff.reset();
        await this.#signal.wait(leaseMs / 3, signal);
      } catch (cause) {
        this.#warn(cause, 'consumer group heartbeat failed');
        if (performance.now() > this.#aliveUntil) this.#loseAll();
        await backOff.wait(signal);
      }
    }
  }

  async #heartbeat(): Promise<void> {
    const { redis, registry, settings, options } = this.#input;
    const topics = await Promise.all(options.topics.map((name) => registry.get(name)));
    const readers = [...this.#readers];
    const sentAt = performance.now();
    const [members, held] = heartbeatAnswer.parse(
      await heartbeatScript.run(
        redis,
        [...this.#memberSets(), ...readers.map(([key]) => key)],
        [
          this.#member,
          settings.leaseMs,
          wakeChannel,
          groupSignal(this.group),
          topics.length,
          ...readers.map(([, reader]) => reader.lease.token),
        ],
      ),
    );
    this.#aliveUntil = sentAt + settings.leaseMs;
    readers.forEach(([key], index) => held[index] === 1 || this.#lose(key));
    if (!this.#isDraining) await this.#rebalance(topics, members);
    await Promise.all([...this.#readers.values()].map((reader) => reader.commit()));
  }

  async #rebalance(topics: readonly TopicSpec[], members: readonly string[][]): Promise<void> {
    const wanted = new Map<string, { topic: TopicSpec; partition: number }>();
    topics.forEach((topic, index) => {
      for (const partition of assignedPartitions(topic.name, topic.partitions, members[index] ?? [], this.#member)) {
        wanted.set(leaseKey(this.group, topic.name, partition), { topic, partition });
      }
    });
    for (const [key, reader] of this.#readers) {
      if (!wanted.has(key)) void this.#giveUp(key, reader);
    }
    const missing = [...wanted].filter(([key]) => !this.#readers.has(key));
    await Promise.all(missing.map(([key, { topic, partition }]) => this.#take(key, topic, partition)));
  }

  async #take(key: string, topic: TopicSpec, partition: number): Promise<void> {
    const { redis, wakeUps, settings, options } = this.#input;
    const lease = await PartitionLease.acquire(
      redis,
      { group: this.group, topic: topic.name, partition },
      { member: this.#member, leaseMs: settings.leaseMs },
    );
    if (!lease) return;
    this.#readers.set(
      key,
      new PartitionReader({ redis, wakeUps, settings, subscription: options, topic, partition, lease }),
    );
  }

  /** Heartbeats go on while the record at hand is finished; only then may another member take the partition. */
  async #giveUp(key: string, reader: PartitionReader): Promise<void> {
    try {
      await reader.stop();
    } catch (cause) {
      this.#warn(cause, 'partition not given up; its lease will expire');
    }
    if (this.#readers.get(key) === reader) this.#readers.delete(key);
  }

  #lose(key: string): void {
    void this.#readers.get(key)?.lose();
    this.#readers.delete(key);
  }

  #loseAll(): void {
    for (const key of this.#readers.keys()) this.#lose(key);
  }

  #memberSets(): string[] {
    return this.#input.options.topics.map((topic) => membersKey(this.group, topic));
  }

  #warn(cause: unknown, message: string): void {
    this.#input.settings.logger.warn({ err: cause, group: this.group }, message);
  }
}
