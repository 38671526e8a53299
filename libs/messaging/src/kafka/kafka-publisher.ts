import type { Kafka, Producer, TopicMessages } from 'kafkajs';
import type { BusRecord } from '../bus/event-bus.ts';
import { toBusError } from './kafka-errors.ts';

/** Requests larger than this are cut; brokers take 100 MB at most. */
const maxSendBytes = 8 * 1024 * 1024;

interface Waiting {
  readonly records: readonly BusRecord[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (cause: Error) => void;
}

/**
 * An idempotent producer with one request in flight, acknowledged by all in-sync replicas. What is published meanwhile goes out
 * together with the next request. After a failure the producer is made anew, as its sequence numbers may be off.
 */
export class KafkaPublisher {
  readonly #kafka: Kafka;
  readonly #waiting: Waiting[] = [];
  #producer: Promise<Producer> | undefined;
  #sending: Promise<void> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Resolves when the brokers have the records. */
  async publish(records: readonly BusRecord[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const bytes = records.reduce((sum, record) => sum + Buffer.byteLength(record.value), 0);
    this.#waiting.push({ records, bytes, resolve, reject });
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    await promise;
  }

  /** Sends what is waiting, then disconnects. */
  async close(): Promise<void> {
    await this.#sending;
    await this.#discardProducer();
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const producer = await this.#connected();
        await producer.sendBatch({
          acks: -1,
          topicMessages: toTopicMessages(batch.flatMap(({ records }) => records)),
        });
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        await this.#discardProducer();
        const error = toBusError(cause, topicsOf(batch));
        for (const { reject } of batch) reject(error);
      }
    }
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes;
      if (count > 0 && bytes > maxSendBytes) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #connected(): Promise<Producer> {
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  }

  async #discardProducer(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}

function topicsOf(batch: readonly Waiting[]): string[] {
  return [...new Set(batch.flatMap(({ records }) => records.map(({ topic }) => topic)))];
}

function toTopicMessages(records: readonly BusRecord[]): TopicMessages[] {
  const byTopic = Map.groupBy(records, (record) => record.topic);
  return [...byTopic].map(([topic, sameTopic]) => ({
    topic,
    messages: sameTopic.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
  }));
}
