import { Kafka, logLevel, type LogEntry, type SASLOptions } from 'kafkajs';
import type { BusLogger } from '../bus/bus-logger.ts';
import { correctRequestQueueTimer } from './request-queue-timer.ts';

/** How to reach an Apache Kafka 4 cluster. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /** Connect over TLS, with the system's certificate authorities. */
  readonly ssl?: boolean;
  readonly sasl?: SASLOptions;
}

/** A kafkajs client that gives up after a few seconds: retrying for longer is decided by its callers. */
export function kafkaClient(connection: KafkaConnection, clientId: string, logger: BusLogger): Kafka {
  correctRequestQueueTimer();
  return new Kafka({
    clientId,
    brokers: [...connection.brokers],
    ...(connection.ssl ? { ssl: true } : {}),
    ...(connection.sasl ? { sasl: connection.sasl } : {}),
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 4 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(entry, logger),
  });
}

/** kafkajs logs every lost connection as an error; whether one matters is known further up, where it is logged as such. */
function forward({ namespace, log: { message, ...fields } }: LogEntry, logger: BusLogger): void {
  logger.warn({ ...fields, namespace }, `kafka: ${message}`);
}
