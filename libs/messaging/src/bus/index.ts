export type { BusLogger } from './bus-logger.ts';
export { createEventBus, type BusAddress } from './create-event-bus.ts';
export type { EventBus, RecordBatch, StoredRecord, Subscription } from './event-bus.ts';
export { MalformedEventError, parseEnvelope, toRecord } from './event-codec.ts';
export { catalogueTopics, consumerGroup } from './topics.ts';
export { busAddress } from '../nest/bus-address.ts';
