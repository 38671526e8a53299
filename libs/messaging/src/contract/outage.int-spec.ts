import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka, startRedis, type ServerProcess } from '@tollgate/embedded';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusUnavailableError } from '../bus/bus-errors.ts';
import type { BusRecord, EventBus } from '../bus/event-bus.ts';
import { connectBus, type TransportName } from './connect-bus.ts';
import { expected, firstDeliveries, interleaved, listen } from './records.ts';
import { freshGroup, freshTopic, transports } from './transports.ts';

const keys = ['left', 'right', 'middle'];
const slowStart = 60_000;

/** A broker of the suite's own that can be killed and started again at the same address. */
class Broker {
  #folder = '';
  #running: ServerProcess | undefined;
  #port = 0;
  address = '';

  constructor(readonly name: TransportName) {}

  async start(): Promise<void> {
    this.#folder ||= mkdtempSync(join(tmpdir(), 'tollgate-outage-'));
    if (this.name === 'kafka') {
      const kafka = await startKafka({ dataDir: this.#folder, port: this.#port });
      [this.#running, this.#port, this.address] = [kafka, kafka.port, kafka.brokers];
    } else {
      const redis = await startRedis({ dataDir: this.#folder, port: this.#port });
      [this.#running, this.#port, this.address] = [redis, redis.port, redis.url];
    }
  }

  async kill(): Promise<void> {
    await this.#running?.kill();
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Publishes until it succeeds, as the outbox relay does. */
async function publishPatiently(bus: EventBus, records: readonly BusRecord[]): Promise<void> {
  await eventually(() => bus.publish(records), { withinMs: 30_000, everyMs: 50 });
}

describe.each(transports())('the event bus on $name when its broker is killed', ({ name }) => {
  const broker = new Broker(name);
  let publisher: EventBus;
  let consumer: EventBus;
  beforeAll(async () => {
    await broker.start();
    publisher = connectBus(name, broker.address);
    consumer = connectBus(name, broker.address);
  }, slowStart);
  afterAll(async () => {
    await Promise.all([publisher.close(), consumer.close()]);
    await broker.kill();
    broker.remove();
  }, slowStart);

  it(
    'loses nothing that it had confirmed and keeps the order of every key',
    async () => {
      const topic = freshTopic();
      await publisher.ensureTopics([topic]);
      const { received, subscription } = listen(consumer, { group: freshGroup(), topics: [topic.name] });
      await eventually(() => subscription.check(), { withinMs: 10_000 });
      let restarting: Promise<void> | undefined;
      for (let number = 0; number < 60; number += 1) {
        if (number === 30) restarting = broker.kill().then(() => broker.start());
        await publishPatiently(publisher, interleaved(topic.name, keys, number, number + 1));
      }
      await restarting;
      await eventually(
        () => {
          for (const key of keys) expect(firstDeliveries(received, key)).toEqual(expected(key, 60));
        },
        { withinMs: 30_000 },
      );
      await eventually(() => subscription.check(), { withinMs: 10_000 });
    },
    2 * slowStart,
  );

  it(
    'refuses records while the broker is away, and says that it is away',
    async () => {
      const topic = freshTopic();
      await publisher.ensureTopics([topic]);
      await broker.kill();
      await expect(publisher.publish(interleaved(topic.name, keys, 0, 1))).rejects.toThrow(BusUnavailableError);
      await expect(publisher.check()).rejects.toThrow();
      await broker.start();
      await publishPatiently(publisher, interleaved(topic.name, keys, 0, 1));
      await eventually(() => publisher.check(), { withinMs: 10_000 });
    },
    2 * slowStart,
  );
});
