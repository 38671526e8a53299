import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis, type RedisServer } from '@tollgate/embedded';
import { eventually } from '@tollgate/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BacklogFullError } from '../bus/bus-errors.ts';
import type { TopicSpec } from '../bus/event-bus.ts';
import { expected, firstDeliveries, interleaved, listen } from '../contract/records.ts';
import { freshGroup, freshTopic } from '../contract/transports.ts';
import { leaseKey, streamKey } from './keys.ts';
import { PartitionLease } from './partition-lease.ts';
import type { RedisBusOptions } from './redis-bus-options.ts';
import { RedisEventBus } from './redis-event-bus.ts';
import { trimPartition } from './trim.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const maxMemoryBytes = 24 * 1024 * 1024;

let folder: string;
let server: RedisServer;
let redis: Redis;
const buses: RedisEventBus[] = [];

const connect = (options: Partial<RedisBusOptions> = {}): RedisEventBus => {
  const bus = new RedisEventBus({ url: server.url, logger: silent, leaseMs: 1500, ...options });
  buses.push(bus);
  return bus;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-redis-'));
  server = await startRedis({ dataDir: folder, maxMemoryBytes });
  redis = new Redis(server.url);
});
afterEach(async () => {
  await Promise.all(buses.splice(0).map((bus) => bus.close()));
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a partition lease', () => {
  const take = (group: string, topic: string, member: string) =>
    PartitionLease.acquire(redis, { group, topic, partition: 0 }, { member, leaseMs: 60_000 });

  it('has one holder at a time', async () => {
    const [group, topic] = [freshGroup(), freshTopic().name];
    const first = await take(group, topic, 'a');
    expect(first).not.toBeNull();
    expect(await take(group, topic, 'b')).toBeNull();
    await first?.release();
    expect(await take(group, topic, 'b')).not.toBeNull();
  });

  it('that was lost can neither move the position nor take the partition from its new holder', async () => {
    const [group, topic] = [freshGroup(), freshTopic().name];
    await redis.xadd(streamKey(topic, 0), '1-1', 'k', 'k', 'v', 'v', 'h', '{}');
    const stale = await take(group, topic, 'a');
    await redis.del(leaseKey(group, topic, 0));
    const current = await take(group, topic, 'a');
    expect(await stale?.commit('1-1')).toBe(false);
    await stale?.release();
    expect(await take(group, topic, 'b')).toBeNull();
    expect(await current?.commit('1-1')).toBe(true);
    await current?.release();
    expect((await take(group, topic, 'b'))?.position).toBe('1-1');
  });
});

describe('the backlog', () => {
  const oneKey = (topic: TopicSpec, from: number, to: number) => interleaved(topic.name, ['k'], from, to);

  it('is capped while a group stands still; nothing of a refused call is stored', async () => {
    const bus = connect({ maxBacklog: 20, trimAbove: 5 });
    const topic = freshTopic(1);
    await bus.ensureTopics([topic]);
    const gate = Promise.withResolvers<void>();
    const slow = listen(bus, { group: freshGroup(), topics: [topic.name] }, () => gate.promise);
    await eventually(() => slow.subscription.check(), { withinMs: 5_000 });
    await bus.publish(oneKey(topic, 0, 18));
    await expect(bus.publish(oneKey(topic, 18, 24))).rejects.toThrow(BacklogFullError);
    expect(await redis.xlen(streamKey(topic.name, 0))).toBe(18);
    gate.resolve();
    await eventually(() => bus.publish(oneKey(topic, 18, 24)), { withinMs: 10_000 });
    await eventually(() => expect(firstDeliveries(slow.received, 'k')).toEqual(expected('k', 24)), {
      withinMs: 10_000,
    });
  });

  it('is trimmed only below what every group has acknowledged', async () => {
    const bus = connect();
    const topic = freshTopic(1);
    await bus.ensureTopics([topic]);
    await bus.publish(oneKey(topic, 0, 10));
    const stream = streamKey(topic.name, 0);
    const ids = (await redis.xrange(stream, '-', '+')).map(([id]) => id);
    for (const [group, index] of [
      ['quick', 9],
      ['slow', 3],
    ] as const) {
      await redis.xgroup('CREATE', stream, group, ids[index] ?? '0');
    }
    await trimPartition(redis, topic, 0, 2);
    expect((await redis.xrange(stream, '-', '+')).map(([id]) => id)).toEqual(ids.slice(3));
    await redis.xgroup('SETID', stream, 'slow', ids[9] ?? '0');
    await trimPartition(redis, topic, 0, 20);
    expect(await redis.xlen(stream)).toBe(7);
    await trimPartition(redis, topic, 0, 2);
    expect(await redis.xlen(stream)).toBe(1);
  });

  it('that nobody reads gives way when it holds facts, and is kept when it holds dead letters', async () => {
    const bus = connect({ maxBacklog: 20, trimAbove: 5 });
    const facts = freshTopic(1);
    const letters: TopicSpec = { ...freshTopic(1), unread: 'keep' };
    await bus.ensureTopics([facts, letters]);
    for (let number = 0; number < 40; number += 1) await bus.publish(oneKey(facts, number, number + 1));
    expect(await redis.xlen(streamKey(facts.name, 0))).toBeLessThanOrEqual(20);
    await bus.publish(oneKey(letters, 0, 20));
    await expect(bus.publish(oneKey(letters, 20, 21))).rejects.toThrow(BacklogFullError);
    expect(await redis.xlen(streamKey(letters.name, 0))).toBe(20);
  });

  it('can be worked off by a new member when the memory of Redis is full', async () => {
    const bus = connect({ trimAbove: 5 });
    const topic = freshTopic(1);
    await bus.ensureTopics([topic]);
    const group = freshGroup();
    const first = listen(bus, { group, topics: [topic.name] });
    await eventually(() => first.subscription.check(), { withinMs: 5_000 });
    await first.subscription.close();
    const value = 'x'.repeat(64 * 1024);
    let stored = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await bus.publish([{ topic: topic.name, key: 'k', value, headers: { number: String(stored) } }]);
        stored += 1;
      }
    };
    await expect(fill()).rejects.toThrow(BacklogFullError);
    const { received } = listen(connect({ trimAbove: 5 }), { group, topics: [topic.name] });
    await eventually(() => expect(received).toHaveLength(stored), { withinMs: 10_000 });
    await eventually(() => bus.publish([{ topic: topic.name, key: 'k', value, headers: {} }]), { withinMs: 10_000 });
  });
});

describe('a server that may lose what it confirmed', () => {
  it('is warned of', async () => {
    const warnings: object[] = [];
    const bus = connect({ logger: { ...silent, warn: (fields) => void warnings.push(fields) } });
    await redis.config('SET', 'appendfsync', 'everysec');
    listen(bus, { group: freshGroup(), topics: [freshTopic().name] });
    await eventually(
      () => expect(warnings).toContainEqual({ settings: { appendfsync: { found: 'everysec', wanted: 'always' } } }),
      { withinMs: 5_000 },
    );
    await redis.config('SET', 'appendfsync', 'always');
  });
});
