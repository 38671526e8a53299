import { z } from 'zod';
import { newId } from '../ids/index.ts';

/** CloudEvents 1.0 envelope with the extensions that every Tollgate event carries. */
export interface EventEnvelope<T = unknown> {
  specversion: '1.0';
  /** Unique per event; the inbox deduplicates by it. */
  id: string;
  /** `<service>.<aggregate>.<past tense>.v<n>`. */
  type: string;
  /** `/tollgate/<service>`. */
  source: string;
  /** Id of the aggregate; also the partition key unless the definition names another. */
  subject: string;
  /** RFC 3339, UTC. */
  time: string;
  datacontenttype: 'application/json';
  /** The tenant the event belongs to; absent only for platform-wide facts. */
  tenantid?: string;
  /** The aggregate's version after the change; consumers ignore versions older than the one they hold. */
  aggregateversion?: number;
  /** The key whose order matters. */
  partitionkey: string;
  /** W3C trace context of the request that caused the event. */
  traceparent?: string;
  data: T;
}

/** Tolerant reader of {@link EventEnvelope}: unknown attributes are dropped, `data` is checked by the definition. */
export const eventEnvelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1),
  type: z.string().min(1),
  source: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  tenantid: z.string().optional(),
  aggregateversion: z.number().int().nonnegative().optional(),
  partitionkey: z.string().min(1),
  traceparent: z.string().optional(),
  data: z.unknown(),
});

/** One entry of the event catalogue. */
export interface EventDefinition<T = unknown> {
  readonly type: string;
  readonly topic: string;
  readonly source: string;
  readonly description: string;
  readonly schema: z.ZodType<T>;
  /** Builds the event. `data` is validated: an invalid event is a bug of the producer and throws. */
  create(input: EventInput<T>): TopicEvent<T>;
}

/** What a producer says of an event; the rest of the envelope is filled in. */
export interface EventInput<T> {
  subject: string;
  tenantId?: string | null;
  aggregateVersion?: number;
  /** Defaults to `subject`. */
  partitionKey?: string;
  data: T;
}

/** An envelope and the topic it goes to. */
export interface TopicEvent<T = unknown> {
  topic: string;
  envelope: EventEnvelope<T>;
}

const defined = new Map<string, EventDefinition>();

/**
 * Declares an event. `type` reads `<service>.<aggregate>.<past tense>.v<n>`; `topic` is `tollgate.<service>.<aggregate>`.
 * @throws Error when the type is declared twice.
 */
export function defineEvent<T>(definition: {
  type: string;
  topic: string;
  description: string;
  data: z.ZodType<T>;
}): EventDefinition<T> {
  if (defined.has(definition.type)) throw new Error(`event ${definition.type} is declared twice`);
  const source = `/tollgate/${definition.topic.split('.')[1] ?? ''}`;
  const event: EventDefinition<T> = {
    type: definition.type,
    topic: definition.topic,
    source,
    description: definition.description,
    schema: definition.data,
    create: (input) => ({
      topic: definition.topic,
      envelope: {
        specversion: '1.0',
        id: newId('evt'),
        type: definition.type,
        source,
        subject: input.subject,
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        ...(input.tenantId ? { tenantid: input.tenantId } : {}),
        ...(input.aggregateVersion === undefined ? {} : { aggregateversion: input.aggregateVersion }),
        partitionkey: input.partitionKey ?? input.subject,
        data: definition.data.parse(input.data),
      },
    }),
  };
  defined.set(definition.type, event);
  return event;
}

/** Every declared event, ordered by type. */
export function eventCatalogue(): EventDefinition[] {
  return [...defined.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}
