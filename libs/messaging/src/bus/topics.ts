import { eventCatalogue } from '@tollgate/contracts/events';
import type { TopicSpec } from './event-bus.ts';

const dayMs = 24 * 60 * 60 * 1000;
const eventRetentionMs = 7 * dayMs;
const deadLetterRetentionMs = 30 * dayMs;

const defaultPartitions = 3;
/** Usage is the one topic whose rate grows with the number of data planes. */
const partitionsByTopic: Readonly<Record<string, number>> = { 'tollgate.usage.batch': 12 };

/** Name of a consumer group: unique over all services. */
export function consumerGroup(service: string, consumer: string): string {
  return `${service}.${consumer}`;
}

/** The topic that holds what a consumer group could not take. */
export function deadLetterTopic(group: string): TopicSpec {
  return {
    name: `tollgate.dead.${group}`,
    partitions: defaultPartitions,
    retentionMs: deadLetterRetentionMs,
    unread: 'keep',
  };
}

/** A topic of events, with the pinned number of partitions. */
export function eventTopic(name: string): TopicSpec {
  return {
    name,
    partitions: partitionsByTopic[name] ?? defaultPartitions,
    retentionMs: eventRetentionMs,
    unread: 'drop-oldest',
  };
}

/** Every topic of the event catalogue, each once. The migrate step creates them. */
export function catalogueTopics(): TopicSpec[] {
  return [...new Set(eventCatalogue().map((event) => event.topic))].map(eventTopic);
}
