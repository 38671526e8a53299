import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordTooLargeError, UnknownTopicError } from '../bus/bus-errors.ts';
import { maxRecordBytes, type EventBus, type StoredRecord } from '../bus/event-bus.ts';
import { expected, firstDeliveries, interleaved, listen } from './records.ts';
import { freshGroup, freshTopic, transports } from './transports.ts';

const keys = ['anna', 'berta', 'carla', 'doris', 'emma', 'frieda', 'greta', 'hilda'];

describe.each(transports())('the event bus on $name', (transport) => {
  const buses: EventBus[] = [];
  const connect = (): EventBus => {
    const bus = transport.connect();
    buses.push(bus);
    return bus;
  };
  const topicWith = async (bus: EventBus, partitions = 3): Promise<string> => {
    const topic = freshTopic(partitions);
    await bus.ensureTopics([topic]);
    return topic.name;
  };
  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
  });

  it('delivers key, value, headers and time as they were published', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    const before = Date.now();
    await bus.publish([{ topic, key: 'k', value: 'grüß', headers: { a: 'ä' } }]);
    const { received } = listen(bus, { group: freshGroup(), topics: [topic] });
    const [record] = await eventually(() => (expect(received).toHaveLength(1), received), { withinMs: 10_000 });
    expect(record).toMatchObject({ topic, key: 'k', value: 'grüß', headers: { a: 'ä' } });
    expect(Math.abs((record?.storedAtMs ?? 0) - before)).toBeLessThan(10_000);
  });

  it('keeps the order of every key while a second member joins and shares the work', async () => {
    const [publisher, left, right] = [connect(), connect(), connect()];
    const topic = await topicWith(publisher);
    const group = freshGroup();
    const all: StoredRecord[] = [];
    const first = listen(left, { group, topics: [topic] }, (record) => void all.push(record));
    await publisher.publish(interleaved(topic, keys, 0, 20));
    await eventually(() => expect(first.received.length).toBeGreaterThan(0), { withinMs: 10_000 });
    const second = listen(right, { group, topics: [topic] }, (record) => void all.push(record));
    let published = 20;
    await eventually(
      async () => {
        await publisher.publish(interleaved(topic, keys, published, published + 5));
        published += 5;
        expect(second.received.length).toBeGreaterThan(0);
      },
      { withinMs: 20_000, everyMs: 50 },
    );
    await eventually(
      () => {
        for (const key of keys) expect(firstDeliveries(all, key)).toEqual(expected(key, published));
      },
      { withinMs: 15_000 },
    );
  });

  it('moves a partition in the middle of a batch and loses nothing', async () => {
    const [publisher, left, right] = [connect(), connect(), connect()];
    const topic = await topicWith(publisher);
    const group = freshGroup();
    const all: StoredRecord[] = [];
    let interrupted = 0;
    await publisher.publish(interleaved(topic, keys, 0, 30));
    listen(left, { group, topics: [topic] }, async (record, { signal }) => {
      await new Promise((resolve) => setTimeout(resolve, 25));
      all.push(record);
      if (signal.aborted) interrupted += 1;
    });
    await eventually(() => expect(all.length).toBeGreaterThan(3), { withinMs: 10_000 });
    const second = listen(right, { group, topics: [topic] }, (record) => void all.push(record));
    await eventually(
      () => {
        for (const key of keys) expect(firstDeliveries(all, key)).toEqual(expected(key, 30));
      },
      { withinMs: 25_000 },
    );
    expect(second.received.length).toBeGreaterThan(0);
    expect(interrupted).toBeGreaterThan(0);
  });

  it('delivers again what a killed member had not acknowledged', async () => {
    const bus = connect();
    const topic = await topicWith(bus, 1);
    const group = freshGroup();
    await bus.publish(interleaved(topic, ['k'], 0, 6));
    const member = spawn(
      process.execPath,
      [
        '--conditions=development',
        new URL('./crashing-member.ts', import.meta.url).pathname,
        transport.name,
        transport.address,
        group,
        topic,
        '4',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(member.stdout, 'data');
    member.kill('SIGKILL');
    await once(member, 'exit');
    const { received } = listen(bus, { group, topics: [topic] });
    await eventually(() => expect(received.map((record) => record.value)).toContain('k:5'), { withinMs: 20_000 });
    expect(firstDeliveries(received, 'k')).toEqual(expected('k', 6).slice(Number(received[0]?.headers['number'])));
    expect(Number(received[0]?.headers['number'])).toBeLessThanOrEqual(3);
  });

  it('continues behind the last acknowledged record when a member is closed and comes back', async () => {
    const topic = await topicWith(connect(), 1);
    const group = freshGroup();
    const before = connect();
    await before.publish(interleaved(topic, ['k'], 0, 3));
    const first = listen(before, { group, topics: [topic] });
    await eventually(() => expect(first.received).toHaveLength(3), { withinMs: 10_000 });
    await before.close();
    const after = connect();
    await after.publish(interleaved(topic, ['k'], 3, 5));
    const second = listen(after, { group, topics: [topic] });
    await eventually(() => expect(second.received).toHaveLength(2), { withinMs: 10_000 });
    expect(second.received.map((record) => record.value)).toEqual(['k:3', 'k:4']);
  });

  it('lets a new group read what was published before it existed', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    await bus.publish(interleaved(topic, keys, 0, 10));
    const early = listen(bus, { group: freshGroup(), topics: [topic] });
    await eventually(() => expect(early.received).toHaveLength(80), { withinMs: 10_000 });
    const late = listen(bus, { group: freshGroup(), topics: [topic] });
    await eventually(() => expect(late.received).toHaveLength(80), { withinMs: 10_000 });
  });

  it('lets a group that stands still hold up nobody else', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    const gate = Promise.withResolvers<void>();
    const slow = listen(bus, { group: freshGroup(), topics: [topic] }, () => gate.promise);
    const quick = listen(bus, { group: freshGroup(), topics: [topic] });
    await bus.publish(interleaved(topic, keys, 0, 10));
    await eventually(() => expect(quick.received).toHaveLength(80), { withinMs: 10_000 });
    expect(slow.received).toHaveLength(0);
    gate.resolve();
    await eventually(() => expect(slow.received).toHaveLength(80), { withinMs: 10_000 });
  });

  it('delivers again from the first record that a failing handler left, in order', async () => {
    const bus = connect();
    const topic = await topicWith(bus, 1);
    await bus.publish(interleaved(topic, ['k'], 0, 6));
    const seen: string[] = [];
    const { received } = listen(bus, { group: freshGroup(), topics: [topic] }, (record) => {
      seen.push(record.value);
      if (record.value === 'k:2' && seen.filter((value) => value === 'k:2').length < 3) throw new Error('not now');
    });
    await eventually(() => expect(received).toHaveLength(6), { withinMs: 10_000 });
    expect(seen).toEqual(['k:0', 'k:1', 'k:2', 'k:2', 'k:2', 'k:3', 'k:4', 'k:5']);
  });

  it('fills batches up to their limit and waits for more only as long as it was told', async () => {
    const bus = connect();
    const topic = await topicWith(bus, 1);
    await bus.publish(interleaved(topic, ['k'], 0, 25));
    const sizes: number[] = [];
    bus.subscribe({
      group: freshGroup(),
      topics: [topic],
      maxBatch: 10,
      maxWaitMs: 200,
      handle: async ({ records, acknowledge }) => {
        sizes.push(records.length);
        for (const record of records) acknowledge(record);
      },
    });
    await eventually(() => expect(sizes).toEqual([10, 10, 5]), { withinMs: 10_000 });
  });

  it('reads a whole topic without moving any group', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    await bus.publish(interleaved(topic, keys, 0, 60));
    const read: StoredRecord[] = [];
    for await (const record of bus.read(topic)) read.push(record);
    for (const key of keys) expect(firstDeliveries(read, key)).toEqual(expected(key, 60));
    expect(read).toHaveLength(keys.length * 60);
  });

  it('reads an empty topic as nothing', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    expect(await Array.fromAsync(bus.read(topic))).toEqual([]);
  });

  it('refuses a topic that nobody created and a record that is too large', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    await expect(bus.publish(interleaved(freshTopic().name, ['k'], 0, 1))).rejects.toThrow(UnknownTopicError);
    await expect(Array.fromAsync(bus.read(freshTopic().name))).rejects.toThrow(UnknownTopicError);
    const tooLarge = { topic, key: 'k', value: 'x'.repeat(maxRecordBytes + 1), headers: {} };
    await expect(bus.publish([tooLarge])).rejects.toThrow(RecordTooLargeError);
  });

  it('carries the largest record it admits', async () => {
    const bus = connect();
    const topic = await topicWith(bus, 1);
    await bus.publish([{ topic, key: 'k', value: 'x'.repeat(maxRecordBytes), headers: {} }]);
    const { received } = listen(bus, { group: freshGroup(), topics: [topic] });
    await eventually(() => expect(received[0]?.value).toHaveLength(maxRecordBytes), { withinMs: 10_000 });
  });

  it('tells whether it is reachable and whether a group is being served', async () => {
    const bus = connect();
    const topic = await topicWith(bus);
    await bus.check();
    const { subscription } = listen(bus, { group: freshGroup(), topics: [topic] });
    await eventually(() => subscription.check(), { withinMs: 10_000 });
    const unserved = listen(bus, { group: freshGroup(), topics: [freshTopic().name] });
    await expect(unserved.subscription.check()).rejects.toThrow();
  });
});
