import type { Tracer } from '@opentelemetry/api';
import type { TopicEvent } from '@tollgate/contracts/events';
import type { EventBus } from '../bus/event-bus.ts';
import { toRecord } from '../bus/event-codec.ts';
import { tracePublished } from '../tracing/event-spans.ts';

/**
 * Publishes events that are not tied to a change in the database, such as usage. Whoever publishes keeps them until this
 * resolves. Facts about changes go through `unit.emit` instead.
 */
export class EventPublisher {
  readonly #bus: EventBus;
  readonly #tracer: Tracer;

  constructor(bus: EventBus, tracer: Tracer) {
    this.#bus = bus;
    this.#tracer = tracer;
  }

  /** @throws BusUnavailableError, BacklogFullError or RecordTooLargeError as {@link EventBus.publish} does. */
  async publish(events: readonly TopicEvent[]): Promise<void> {
    await this.#bus.publish(events.map((event) => toRecord(event, tracePublished(this.#tracer, event))));
  }
}
