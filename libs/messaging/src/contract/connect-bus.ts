import type { BusLogger } from '../bus/bus-logger.ts';
import type { EventBus } from '../bus/event-bus.ts';
import { KafkaEventBus } from '../kafka/kafka-event-bus.ts';
import { RedisEventBus } from '../redis-streams/redis-event-bus.ts';

export type TransportName = 'kafka' | 'redis-streams';

const silent: BusLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A bus as a process of its own has it, with the shortest time to notice a dead member. */
export function connectBus(name: TransportName, address: string): EventBus {
  return name === 'kafka'
    ? new KafkaEventBus({ connection: { brokers: [address] }, clientId: 'contract', logger: silent, sessionMs: 6000 })
    : new RedisEventBus({ url: address, logger: silent, leaseMs: 1500 });
}
