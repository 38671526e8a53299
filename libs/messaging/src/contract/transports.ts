import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type {} from '@tollgate/embedded';
import type { EventBus, TopicSpec } from '../bus/event-bus.ts';
import { connectBus, type TransportName } from './connect-bus.ts';

/** An implementation of the bus, with a real broker. */
export interface Transport {
  readonly name: TransportName;
  /** Brokers or URL. */
  readonly address: string;
  /** A bus as another process would have it. */
  connect(): EventBus;
}

/** Every transport whose broker the run has; Kafka is missing only when the run was told to skip it. */
export function transports(): Transport[] {
  const all = [
    { name: 'kafka', address: inject('kafkaBrokers') },
    { name: 'redis-streams', address: inject('redisUrl') },
  ] as const;
  return all
    .filter(({ address }) => address !== '')
    .map(({ name, address }) => ({ name, address, connect: () => connectBus(name, address) }));
}

/** A topic that no other test uses. */
export function freshTopic(partitions = 3): TopicSpec {
  return { name: `contract.${randomUUID()}`, partitions, retentionMs: 3_600_000, unread: 'drop-oldest' };
}

/** A consumer group that no other test uses. */
export function freshGroup(): string {
  return `contract.${randomUUID()}`;
}
