import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isAlive } from '../process/process-table.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { testPrefix } from '../testing/test-prefix.ts';
import { startKafka } from './start-kafka.ts';
import type { KafkaServer } from './start-kafka.ts';

let folder: string;
let server: KafkaServer;

function client(brokers: string): Kafka {
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry: { initialRetryTime: 100, retries: 10 } });
}

async function createTopic(brokers: string, topic: string): Promise<void> {
  const admin = client(brokers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
}

async function produce(brokers: string, topic: string, value: string): Promise<void> {
  const producer = client(brokers).producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  await producer.send({ topic, acks: -1, messages: [{ key: 'k', value }] });
  await producer.disconnect();
}

async function firstValue(brokers: string, topic: string): Promise<string | undefined> {
  const consumer = client(brokers).consumer({ groupId: topic, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const value = await new Promise<string | undefined>((resolve, reject) => {
    consumer.run({ eachMessage: async ({ message }) => resolve(message.value?.toString()) }).catch(reject);
  });
  await consumer.disconnect();
  return value;
}

describe.skipIf(inject('kafkaBrokers') === '')('startKafka', () => {
  beforeAll(async () => {
    folder = makeTemporaryFolder();
    server = await startKafka({ dataDir: join(folder, 'kafka') });
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('carries a message from an idempotent producer to a consumer group', async () => {
    const topic = `${testPrefix()}carried`;
    await createTopic(server.brokers, topic);
    await produce(server.brokers, topic, '7');
    expect(await firstValue(server.brokers, topic)).toBe('7');
  });

  it('delivers committed transactions and hides aborted ones', async () => {
    const topic = `${testPrefix()}transactional`;
    await createTopic(server.brokers, topic);
    const producer = client(server.brokers).producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const aborted = await producer.transaction();
    await aborted.send({ topic, messages: [{ value: 'aborted' }] });
    await aborted.abort();
    const committed = await producer.transaction();
    await committed.send({ topic, messages: [{ value: 'committed' }] });
    await committed.commit();
    await producer.disconnect();

    expect(await firstValue(server.brokers, topic)).toBe('committed');
  });

  it('makes no topic by itself', async () => {
    const producer = client(server.brokers).producer({ retry: { retries: 1 } });
    await producer.connect();
    await expect(producer.send({ topic: `${testPrefix()}unknown`, messages: [{ value: '1' }] })).rejects.toThrow(
      /topic-partition/,
    );
    await producer.disconnect();
  });

  it('recovers its topics after kill -9 on the same port', async () => {
    const topic = `${testPrefix()}kept`;
    await createTopic(server.brokers, topic);
    await produce(server.brokers, topic, '7');
    await server.kill();
    expect(isAlive(server.pid)).toBe(false);

    const { port } = server;
    server = await startKafka({ dataDir: join(folder, 'kafka'), port });
    expect(await firstValue(server.brokers, topic)).toBe('7');
  });
});
