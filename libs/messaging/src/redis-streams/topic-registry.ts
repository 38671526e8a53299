import { crc32 } from 'node:zlib';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { UnknownTopicError } from '../bus/bus-errors.ts';
import type { TopicSpec } from '../bus/event-bus.ts';
import { topicsKey } from './keys.ts';

const storedSpec = z.object({
  partitions: z.number().int().positive(),
  retentionMs: z.number().positive(),
  unread: z.enum(['drop-oldest', 'keep']),
});

/** Which topics exist. Specifications never change once stored, so what was read stays true. */
export class TopicRegistry {
  readonly #redis: Redis;
  readonly #known = new Map<string, TopicSpec>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Stores the topics that do not exist. */
  async ensure(topics: readonly TopicSpec[]): Promise<void> {
    await Promise.all(
      topics.map(({ name, ...spec }) => this.#redis.hsetnx(topicsKey, name, JSON.stringify(storedSpec.parse(spec)))),
    );
  }

  /** @throws UnknownTopicError when nobody created the topic. */
  async get(name: string): Promise<TopicSpec> {
    const known = this.#known.get(name);
    if (known) return known;
    const stored = await this.#redis.hget(topicsKey, name);
    if (stored === null) throw new UnknownTopicError(name);
    const spec = { name, ...storedSpec.parse(JSON.parse(stored)) };
    this.#known.set(name, spec);
    return spec;
  }
}

/** The partition that holds a key's records. */
export function partitionOf(key: string, partitions: number): number {
  return crc32(key) % partitions;
}
