import type { EventEnvelope } from '@tollgate/contracts/events';
import { recordInbox, type Database, type UnitOfWork } from '@tollgate/persistence';
import { MalformedEventError, parseEnvelope } from '../bus/event-codec.ts';
import type { RecordBatch, StoredRecord } from '../bus/event-bus.ts';
import type { DeliveryOutcome } from '../metrics/messaging-metrics.ts';
import { traceConsumed } from '../tracing/event-spans.ts';
import { isForOthers, putAside, type ConsumerContext } from './consumer-context.ts';
import type { EventHandler, EventHandlerMetadata } from './on-event.ts';
import { receive, type ReceivedEvent } from './received-event.ts';
import { attempt } from './retries.ts';

/** A method that handles an event, with its provider. */
export interface BoundEventHandler extends EventHandlerMetadata {
  readonly handle: EventHandler;
}

/** Hands the events of a group, one after the other, to their handlers; each takes effect exactly once. */
export class EventConsumer {
  readonly #context: ConsumerContext;
  readonly #database: Database;
  readonly #handlers: ReadonlyMap<string, BoundEventHandler>;

  /** @param handlers by event type; events of other types are passed over. */
  constructor(context: ConsumerContext, database: Database, handlers: ReadonlyMap<string, BoundEventHandler>) {
    this.#context = context;
    this.#database = database;
    this.#handlers = handlers;
  }

  /** Takes a batch as the bus delivers it. */
  async handle(batch: RecordBatch): Promise<void> {
    for (const record of batch.records) {
      if (batch.signal.aborted) return;
      await this.#take(record, batch.signal);
      batch.acknowledge(record);
    }
  }

  async #take(record: StoredRecord, signal: AbortSignal): Promise<void> {
    const { group, metrics } = this.#context;
    const found = await this.#read(record);
    if (!found) return metrics.delivered.inc({ consumer: group, outcome: 'ignored' });
    const { handler, event } = found;
    const tried = await attempt(
      this.#context.retries,
      signal,
      () => this.#applyTraced(handler, event, record),
      () => metrics.retries.inc({ consumer: group }),
    );
    if (!tried.ok) return putAside(this.#context, record, 'failed', tried.cause);
    metrics.delivered.inc({ consumer: group, outcome: tried.value });
    metrics.lag.observe({ consumer: group }, Math.max(0, Date.now() - record.storedAtMs) / 1000);
  }

  /** The event and its handler; null when the record is not for this group, or unreadable and therefore put aside. */
  async #read(record: StoredRecord): Promise<{ handler: BoundEventHandler; event: ReceivedEvent } | null> {
    if (isForOthers(record, this.#context.group)) return null;
    try {
      const envelope = parseEnvelope(record.value);
      const handler = this.#handlers.get(envelope.type);
      return handler ? { handler, event: receive(handler.definition, requireOwner(handler, envelope)) } : null;
    } catch (cause) {
      if (!(cause instanceof MalformedEventError)) throw cause;
      await putAside(this.#context, record, 'malformed', cause);
      return null;
    }
  }

  #applyTraced(handler: BoundEventHandler, event: ReceivedEvent, record: StoredRecord): Promise<DeliveryOutcome> {
    const { tracer, group, unitSlots } = this.#context;
    const about = { group, envelope: event.envelope, headers: record.headers };
    return traceConsumed(tracer, about, () => unitSlots(() => this.#apply(handler, event)));
  }

  #apply(handler: BoundEventHandler, event: ReceivedEvent): Promise<DeliveryOutcome> {
    const work = async (unit: UnitOfWork): Promise<DeliveryOutcome> => {
      if (!(await recordInbox(unit, this.#context.group, event.envelope.id))) return 'duplicate';
      await handler.handle(event, unit);
      return 'applied';
    };
    if (handler.systemPurpose === undefined) return this.#database.inTenant(event.tenantId ?? '', work);
    const options = event.tenantId === null ? {} : { tenantId: event.tenantId };
    return this.#database.inSystem(handler.systemPurpose, work, options);
  }
}

/** An event without a tenant can only be handled in a system unit. */
function requireOwner(handler: BoundEventHandler, envelope: EventEnvelope): EventEnvelope {
  if (handler.systemPurpose === undefined && envelope.tenantid === undefined) {
    throw new MalformedEventError(`${envelope.type} has no tenant`);
  }
  return envelope;
}
