import type { LiveChange } from '@tollgate/contracts/rest/console';
import { liveChannel } from '@tollgate/contracts/rest/console';
import {
  type BusLogger,
  consumerGroup,
  type EventBus,
  MalformedEventError,
  parseEnvelope,
  type RecordBatch,
  type StoredRecord,
} from '@tollgate/messaging/bus';
import type { Redis } from 'ioredis';
import { changesOf, heardTopics } from './heard-events.ts';

/** Most records that are announced at once. */
const maxBatch = 200;

/** What {@link LiveRelay} works with. */
export interface LiveRelayOptions {
  readonly bus: EventBus;
  readonly redis: Redis;
  readonly logger: BusLogger;
}

/**
 * Takes events off the bus and announces on each tenant's channel what changed. The processes of this service share one consumer
 * group, so each event is read once; the channel reaches all of them, and a process that is gone leaves nothing behind.
 */
export class LiveRelay {
  readonly #options: LiveRelayOptions;

  constructor(options: LiveRelayOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.bus.subscribe({
      group: consumerGroup('console-bff', 'live'),
      topics: heardTopics,
      maxBatch,
      maxWaitMs: 0,
      handle: (batch) => this.#handle(batch),
    });
  }

  /** Rejects while Redis does not take the announcements: the bus then delivers again. */
  async #handle({ records, acknowledge }: RecordBatch): Promise<void> {
    const byTenant = new Map<string, Map<string, LiveChange>>();
    for (const record of records) {
      const { tenantId, changes } = this.#read(record);
      if (tenantId === undefined) continue;
      const known = byTenant.get(tenantId) ?? new Map<string, LiveChange>();
      for (const change of changes) known.set(JSON.stringify(change), change);
      byTenant.set(tenantId, known);
    }
    await Promise.all(
      [...byTenant].map(([tenantId, changes]) =>
        this.#options.redis.publish(liveChannel(tenantId), JSON.stringify([...changes.values()])),
      ),
    );
    records.forEach(acknowledge);
  }

  #read(record: StoredRecord): { tenantId?: string; changes: readonly LiveChange[] } {
    try {
      const envelope = parseEnvelope(record.value);
      const changes = changesOf(envelope);
      return envelope.tenantid === undefined || changes.length === 0
        ? { changes }
        : { tenantId: envelope.tenantid, changes };
    } catch (cause) {
      if (!(cause instanceof MalformedEventError)) throw cause;
      const { topic, partition, position } = record;
      this.#options.logger.warn({ err: cause, topic, partition, position }, 'event cannot be read; nobody hears of it');
      return { changes: [] };
    }
  }
}
