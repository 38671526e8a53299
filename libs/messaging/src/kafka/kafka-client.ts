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

/**
 * One level down: kafkajs calls every lost connection an error and every idempotent producer with bounded retries worth a
 * warning. Whether one matters is known further up, where it is logged as such.
 */
function forward({ namespace, level, log: { message, ...fields } }: LogEntry, logger: BusLogger): void {
  const write = level === logLevel.ERROR ? logger.warn.bind(logger) : logger.info.bind(logger);
  write({ ...fields, namespace }, `kafka: ${message}`);
}
