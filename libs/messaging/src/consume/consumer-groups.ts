import type { Database } from '@tollgate/persistence';
import type { SubscriptionOptions } from '../bus/event-bus.ts';
import { consumerGroup } from '../bus/topics.ts';
import { BatchConsumer, type BoundBatchHandler } from './batch-consumer.ts';
import type { ConsumerContext } from './consumer-context.ts';
import { EventConsumer, type BoundEventHandler } from './event-consumer.ts';

/** Most events that are fetched at once; they are still handled one by one. */
const fetchedEvents = 100;

/** What {@link consumerGroups} makes groups of. */
export interface ConsumerGroupsInput {
  readonly service: string;
  readonly database: Database;
  readonly events: ReadonlyMap<string, readonly BoundEventHandler[]>;
  readonly batches: ReadonlyMap<string, readonly BoundBatchHandler[]>;
  readonly contextOf: (group: string) => ConsumerContext;
}

/**
 * The subscriptions of a service, one per consumer.
 * @throws Error when a consumer handles an event twice, or in batches and singly: its events are in one order only once.
 */
export function consumerGroups(input: ConsumerGroupsInput): SubscriptionOptions[] {
  const { service, database, events, batches, contextOf } = input;
  const single = [...events].map(([consumer, handlers]): SubscriptionOptions => {
    if (batches.has(consumer)) throw new Error(`consumer ${consumer} handles events both singly and in batches`);
    const group = consumerGroup(service, consumer);
    const eventConsumer = new EventConsumer(contextOf(group), database, byType(consumer, handlers));
    return {
      group,
      topics: [...new Set(handlers.map(({ definition }) => definition.topic))],
      maxBatch: fetchedEvents,
      maxWaitMs: 0,
      handle: (batch) => eventConsumer.handle(batch),
    };
  });
  const batched = [...batches].map(([consumer, [handler, ...others]]): SubscriptionOptions => {
    if (!handler || others.length > 0) throw new Error(`consumer ${consumer} has more than one batch handler`);
    const group = consumerGroup(service, consumer);
    const batchConsumer = new BatchConsumer(contextOf(group), handler);
    return {
      group,
      topics: [handler.definition.topic],
      maxBatch: handler.maxBatch,
      maxWaitMs: handler.maxWaitMs,
      handle: (batch) => batchConsumer.handle(batch),
    };
  });
  return [...single, ...batched];
}

function byType(consumer: string, handlers: readonly BoundEventHandler[]): Map<string, BoundEventHandler> {
  const found = new Map<string, BoundEventHandler>();
  for (const handler of handlers) {
    const { type } = handler.definition;
    if (found.has(type)) throw new Error(`consumer ${consumer} handles ${type} twice`);
    found.set(type, handler);
  }
  return found;
}
