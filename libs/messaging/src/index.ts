export type {
  BusRecord,
  EventBus,
  RecordBatch,
  StoredRecord,
  Subscription,
  SubscriptionOptions,
  TopicSpec,
} from './bus/event-bus.ts';
export { maxRecordBytes } from './bus/event-bus.ts';
export { BacklogFullError, BusUnavailableError, RecordTooLargeError, UnknownTopicError } from './bus/bus-errors.ts';
export type { BusLogger } from './bus/bus-logger.ts';
export { createEventBus, type BusAddress } from './bus/create-event-bus.ts';
export { toRecord } from './bus/event-codec.ts';
export { catalogueTopics, consumerGroup, deadLetterTopic, eventTopic } from './bus/topics.ts';
export { isOutdated, type ReceivedEvent } from './consume/received-event.ts';
export { OnEvent, type EventHandler, type OnEventOptions } from './consume/on-event.ts';
export { OnBatch, type BatchHandler, type OnBatchOptions } from './consume/on-batch.ts';
export type { RetryPolicy } from './consume/retries.ts';
export { readDeadLetters, type DeadLetter, type DeadLetterReason } from './dead-letters/dead-letters.ts';
export { replayDeadLetters, type ReplayInput, type ReplayOutcome } from './dead-letters/replay.ts';
export type { KafkaConnection } from './kafka/kafka-client.ts';
export { busAddress } from './nest/bus-address.ts';
export { EventPublisher } from './nest/event-publisher.ts';
export { EVENT_BUS, MessagingModule, type MessagingOptions } from './nest/messaging.module.ts';
