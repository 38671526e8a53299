import 'reflect-metadata';
import type { EventDefinition } from '@tollgate/contracts/events';
import type { ReceivedEvent } from './received-event.ts';

/** Takes events of one partition, in order. */
export type BatchHandler<T = unknown> = (events: readonly ReceivedEvent<T>[]) => Promise<void>;

/** Options of {@link OnBatch}. */
export interface OnBatchOptions {
  /** Name of the consumer; its group is `<service>.<consumer>`. A group has one batch handler and no event handlers. */
  readonly consumer: string;
  /** Most events in one call. */
  readonly maxBatch: number;
  /** How long an event may wait for others, milliseconds. */
  readonly maxWaitMs: number;
}

/** What {@link OnBatch} stores on a method. */
export interface BatchHandlerMetadata extends OnBatchOptions {
  readonly definition: EventDefinition;
}

const metadataKey = Symbol('tollgate.on-batch');

/**
 * Makes a provider's method the handler of an event that comes in great numbers. It gets the events in batches, outside any unit
 * of work, and must itself recognise those it has taken before: events are delivered at least once. Returning acknowledges the
 * whole batch. When it rejects the events are handed over one by one, so that only the bad one ends up in the dead letters.
 */
export function OnBatch<T>(definition: EventDefinition<T>, options: OnBatchOptions) {
  return <H extends BatchHandler<T>>(
    _target: object,
    _name: string | symbol,
    method: TypedPropertyDescriptor<H>,
  ): void => {
    if (!method.value) return;
    Reflect.defineMetadata(metadataKey, { ...options, definition }, method.value);
  };
}

/** What a method handles in batches, if it does. */
export function batchHandlerOf(method: object): BatchHandlerMetadata | undefined {
  return Reflect.getMetadata(metadataKey, method) as BatchHandlerMetadata | undefined;
}
