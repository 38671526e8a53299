import 'reflect-metadata';
import type { EventDefinition } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import type { ReceivedEvent } from './received-event.ts';

/** Takes one event, in the unit of work in which it also becomes known as taken. */
export type EventHandler<T = unknown> = (event: ReceivedEvent<T>, unit: UnitOfWork) => Promise<void>;

/** Options of {@link OnEvent}. */
export interface OnEventOptions {
  /** Handlers that share this name share a consumer group, `<service>.<consumer>`, and with it the order of a key's events. */
  readonly consumer: string;
  /**
   * Handle in a system unit of this declared purpose instead of a unit of the event's tenant. Required for events that belong
   * to no tenant.
   */
  readonly systemPurpose?: string;
}

/** What {@link OnEvent} stores on a method. */
export interface EventHandlerMetadata extends OnEventOptions {
  readonly definition: EventDefinition;
}

const metadataKey = Symbol('tollgate.on-event');

/**
 * Makes a provider's method the handler of an event. It runs in a unit of work of the event's tenant, together with the inbox
 * entry, so the event takes effect exactly once however often it is delivered. When it rejects, the unit rolls back and it is
 * tried again, a few times; then the event goes to the consumer's dead letters and the next one's turn comes. Effects outside
 * the unit are at-least-once.
 */
export function OnEvent<T>(definition: EventDefinition<T>, options: OnEventOptions) {
  return <H extends EventHandler<T>>(
    _target: object,
    _name: string | symbol,
    method: TypedPropertyDescriptor<H>,
  ): void => {
    if (!method.value) return;
    const metadata: EventHandlerMetadata[] = [...eventHandlersOf(method.value), { ...options, definition }];
    Reflect.defineMetadata(metadataKey, metadata, method.value);
  };
}

/** What a method handles. */
export function eventHandlersOf(method: object): readonly EventHandlerMetadata[] {
  return (Reflect.getMetadata(metadataKey, method) as EventHandlerMetadata[] | undefined) ?? [];
}
