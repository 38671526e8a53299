import type { PlatformConfig } from '@tollgate/platform';
import type { BusAddress } from '../bus/create-event-bus.ts';
import type { KafkaConnection } from '../kafka/kafka-client.ts';

/** The variables that say where the event bus is. */
export type BusConfig = Pick<
  PlatformConfig,
  'REDIS_URL' | 'KAFKA_BROKERS' | 'KAFKA_SSL' | 'KAFKA_SASL_MECHANISM' | 'KAFKA_SASL_USERNAME' | 'KAFKA_SASL_PASSWORD'
>;

/** The event bus that a service's environment names: Kafka when there are brokers, else Redis Streams. */
export function busAddress(config: BusConfig): BusAddress {
  const { REDIS_URL: redisUrl, KAFKA_BROKERS: brokers, KAFKA_SSL: ssl } = config;
  if (!brokers || brokers.length === 0) return { redisUrl };
  const sasl = saslOf(config);
  return { redisUrl, kafka: { brokers, ssl, ...(sasl ? { sasl } : {}) } };
}

function saslOf(config: BusConfig): KafkaConnection['sasl'] {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username = '',
    KAFKA_SASL_PASSWORD: password = '',
  } = config;
  return mechanism ? { mechanism, username, password } : undefined;
}
