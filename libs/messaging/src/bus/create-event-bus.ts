import { KafkaEventBus } from '../kafka/kafka-event-bus.ts';
import type { KafkaConnection } from '../kafka/kafka-client.ts';
import { RedisEventBus } from '../redis-streams/redis-event-bus.ts';
import type { BusLogger } from './bus-logger.ts';
import type { EventBus } from './event-bus.ts';

/** Where the event bus is. */
export interface BusAddress {
  /** Used when `kafka` is not given. */
  readonly redisUrl: string;
  readonly kafka?: KafkaConnection;
}

/**
 * Connects lazily to the event bus: Kafka when its brokers are given, else Redis Streams.
 * @param clientId names this process at the broker.
 */
export function createEventBus(address: BusAddress, clientId: string, logger: BusLogger): EventBus {
  if (address.kafka) return new KafkaEventBus({ connection: address.kafka, clientId, logger });
  return new RedisEventBus({ url: address.redisUrl, logger });
}
