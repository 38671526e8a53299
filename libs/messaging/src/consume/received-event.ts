import type { EventDefinition, EventEnvelope } from '@tollgate/contracts/events';
import { MalformedEventError } from '../bus/event-codec.ts';

/** An event as a handler gets it. */
export interface ReceivedEvent<T = unknown> {
  readonly envelope: EventEnvelope;
  /** Checked against the schema of the event's definition; members it does not know are gone. */
  readonly data: T;
  /** Null for facts of the whole platform. */
  readonly tenantId: string | null;
  /** Version of the aggregate after the change; compare it with {@link isOutdated}. */
  readonly aggregateVersion: number | undefined;
}

/**
 * Checks an envelope's data against the definition of its type.
 * @throws MalformedEventError when it does not fit.
 */
export function receive<T>(definition: EventDefinition<T>, envelope: EventEnvelope): ReceivedEvent<T> {
  const parsed = definition.schema.safeParse(envelope.data);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `data.${path.join('.')}: ${message}`);
    throw new MalformedEventError(places.join('; '));
  }
  return {
    envelope,
    data: parsed.data,
    tenantId: envelope.tenantid ?? null,
    aggregateVersion: envelope.aggregateversion,
  };
}

/**
 * True when the consumer's copy of the aggregate is newer than the event, or as new: the event was overtaken, by a replay or a
 * snapshot, and must be ignored.
 * @param heldVersion version of the consumer's copy; null when it has none.
 */
export function isOutdated(event: ReceivedEvent, heldVersion: number | null): boolean {
  return heldVersion !== null && event.aggregateVersion !== undefined && event.aggregateVersion <= heldVersion;
}
