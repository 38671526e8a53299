import { MalformedEventError, parseEnvelope } from '../bus/event-codec.ts';
import type { RecordBatch, StoredRecord } from '../bus/event-bus.ts';
import { traceBatch, traceConsumed } from '../tracing/event-spans.ts';
import { isForOthers, putAside, type ConsumerContext } from './consumer-context.ts';
import { isOutage } from './failures.ts';
import type { BatchHandler, BatchHandlerMetadata } from './on-batch.ts';
import { receive, type ReceivedEvent } from './received-event.ts';
import { attempt } from './retries.ts';

/** A method that handles events in batches, with its provider. */
export interface BoundBatchHandler extends BatchHandlerMetadata {
  readonly handle: BatchHandler;
}

interface Taken {
  readonly record: StoredRecord;
  readonly event: ReceivedEvent;
}

/** Hands the events of a group to their handler in batches, at least once. */
export class BatchConsumer {
  readonly #context: ConsumerContext;
  readonly #handler: BoundBatchHandler;

  constructor(context: ConsumerContext, handler: BoundBatchHandler) {
    this.#context = context;
    this.#handler = handler;
  }

  /** Takes a batch as the bus delivers it. */
  async handle(batch: RecordBatch): Promise<void> {
    const taken: Taken[] = [];
    for (const record of batch.records) {
      const event = await this.#read(record);
      if (event) taken.push({ record, event });
    }
    if (taken.length > 0 && !(await this.#tryTogether(taken))) {
      for (const one of taken) await this.#tryAlone(one, batch.signal);
    }
    const last = batch.records.at(-1);
    if (last) batch.acknowledge(last);
  }

  async #read(record: StoredRecord): Promise<ReceivedEvent | null> {
    if (isForOthers(record, this.#context.group)) return null;
    try {
      const envelope = parseEnvelope(record.value);
      return envelope.type === this.#handler.definition.type ? receive(this.#handler.definition, envelope) : null;
    } catch (cause) {
      if (!(cause instanceof MalformedEventError)) throw cause;
      await putAside(this.#context, record, 'malformed', cause);
      return null;
    }
  }

  /** False when the handler rejected for another reason than an outage: then some event of the batch is bad. */
  async #tryTogether(taken: readonly Taken[]): Promise<boolean> {
    const { tracer, group, metrics } = this.#context;
    const causes = taken.map(({ record, event }) => ({ envelope: event.envelope, headers: record.headers }));
    try {
      await traceBatch(tracer, group, causes, () => this.#handler.handle(taken.map(({ event }) => event)));
    } catch (cause) {
      if (isOutage(cause)) throw cause;
      metrics.retries.inc({ consumer: group });
      return false;
    }
    for (const { record } of taken) this.#applied(record);
    return true;
  }

  async #tryAlone({ record, event }: Taken, signal: AbortSignal): Promise<void> {
    const { retries, tracer, group, metrics } = this.#context;
    const about = { group, envelope: event.envelope, headers: record.headers };
    const tried = await attempt(
      retries,
      signal,
      () => traceConsumed(tracer, about, () => this.#handler.handle([event])),
      () => metrics.retries.inc({ consumer: group }),
    );
    if (tried.ok) this.#applied(record);
    else await putAside(this.#context, record, 'failed', tried.cause);
  }

  #applied(record: StoredRecord): void {
    const { metrics, group } = this.#context;
    metrics.delivered.inc({ consumer: group, outcome: 'applied' });
    metrics.lag.observe({ consumer: group }, Math.max(0, Date.now() - record.storedAtMs) / 1000);
  }
}
