import { eventEnvelope, type EventEnvelope, type TopicEvent } from '@tollgate/contracts/events';
import type { BusRecord } from './event-bus.ts';

/** CloudEvents structured mode: the whole envelope is the value. */
const contentType = 'application/cloudevents+json; charset=utf-8';

/** An event as a record: CloudEvents 1.0, structured mode, keyed by what its order depends on. */
export function toRecord({ topic, envelope }: TopicEvent, headers: Readonly<Record<string, string>> = {}): BusRecord {
  return {
    topic,
    key: envelope.partitionkey,
    value: JSON.stringify(envelope),
    headers: { 'content-type': contentType, ...headers },
  };
}

/** A value that is no event, and why. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/**
 * Reads an envelope. Attributes that this version does not know are dropped; `data` is not looked at.
 * @throws MalformedEventError when it is no JSON or lacks an attribute.
 */
export function parseEnvelope(value: string): EventEnvelope {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch (cause) {
    throw new MalformedEventError('not JSON', { cause });
  }
  const parsed = eventEnvelope.safeParse(json);
  if (parsed.success) return withoutGaps(parsed.data);
  const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new MalformedEventError(`no envelope: ${places.join('; ')}`);
}

/** Absent attributes are absent, not undefined. */
function withoutGaps(parsed: ReturnType<typeof eventEnvelope.parse>): EventEnvelope {
  return Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined),
  ) as unknown as EventEnvelope;
}
