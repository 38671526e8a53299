import { platformConfig } from '@tollgate/platform';

/** Environment of this library's command: where the event bus is. Services get the same variables through their own configuration. */
export const busConfig = platformConfig.pick({
  REDIS_URL: true,
  KAFKA_BROKERS: true,
  KAFKA_SSL: true,
  KAFKA_SASL_MECHANISM: true,
  KAFKA_SASL_USERNAME: true,
  KAFKA_SASL_PASSWORD: true,
});

/** The environment of this process. */
export const environment: Record<string, string | undefined> = process.env;
