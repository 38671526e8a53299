import { randomUUID } from 'node:crypto';
import type { ITopicConfig, Kafka } from 'kafkajs';
import type { BusLogger } from '../bus/bus-logger.ts';
import {
  maxRecordBytes,
  type BusRecord,
  type EventBus,
  type StoredRecord,
  type Subscription,
  type SubscriptionOptions,
  type TopicSpec,
} from '../bus/event-bus.ts';
import { closeSubscriptions } from '../bus/close-subscriptions.ts';
import { refuseOversized } from '../bus/record-size.ts';
import { KafkaAdmin } from './kafka-admin.ts';
import { kafkaClient, type KafkaConnection } from './kafka-client.ts';
import { KafkaPublisher } from './kafka-publisher.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { readTopic } from './read-topic.ts';

/** How the Kafka transport behaves. */
export interface KafkaBusOptions {
  readonly connection: KafkaConnection;
  readonly logger: BusLogger;
  /** Names this process in the broker's logs and quotas. */
  readonly clientId: string;
  /** How long a killed member's partitions stay unread, milliseconds. Default 10,000. */
  readonly sessionMs?: number;
  /** Copies of each partition of a new topic. Default: what the brokers are set to. */
  readonly replicationFactor?: number;
}

/** Room for key, headers and framing beside the value. */
const envelopeBytes = 64 * 1024;

/** The event bus on Apache Kafka 4, through kafkajs. */
export class KafkaEventBus implements EventBus {
  readonly #options: KafkaBusOptions;
  readonly #kafka: Kafka;
  readonly #admin: KafkaAdmin;
  readonly #publisher: KafkaPublisher;
  readonly #subscriptions = new Set<Subscription>();

  constructor(options: KafkaBusOptions) {
    this.#options = options;
    this.#kafka = kafkaClient(options.connection, options.clientId, options.logger);
    this.#admin = new KafkaAdmin(this.#kafka);
    this.#publisher = new KafkaPublisher(this.#kafka);
  }

  async publish(records: readonly BusRecord[]): Promise<void> {
    if (records.length === 0) return;
    refuseOversized(records);
    await this.#publisher.publish(records);
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#admin.run(async (admin) => {
      const existing = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !existing.has(topic.name));
      if (missing.length === 0) return;
      await admin.createTopics({ waitForLeaders: true, topics: missing.map((topic) => this.#topicConfig(topic)) });
    });
  }

  subscribe(options: SubscriptionOptions): Subscription {
    const { logger, sessionMs = 10_000 } = this.#options;
    const subscription = new KafkaSubscription(this.#kafka, options, { sessionMs }, logger);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(topic: string): AsyncIterable<StoredRecord> {
    yield* readTopic(this.#kafka, this.#admin, topic, `read-${randomUUID()}`);
  }

  async check(): Promise<void> {
    await this.#admin.run((admin) => admin.describeCluster());
  }

  async close(): Promise<void> {
    await closeSubscriptions(this.#subscriptions, this.#options.logger);
    this.#subscriptions.clear();
    await this.#publisher.close();
    await this.#admin.close();
  }

  #topicConfig({ name, partitions, retentionMs }: TopicSpec): ITopicConfig {
    return {
      topic: name,
      numPartitions: partitions,
      replicationFactor: this.#options.replicationFactor ?? -1,
      configEntries: [
        { name: 'retention.ms', value: String(retentionMs) },
        { name: 'max.message.bytes', value: String(maxRecordBytes + envelopeBytes) },
      ],
    };
  }
}
