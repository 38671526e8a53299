import { auditEntryRecorded, type AuditEntry, type TopicEvent } from '@tollgate/contracts/events';
import type { EntityManager } from 'typeorm';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { currentTraceparent } from './traceparent.ts';

/** One transaction in which a service reads and changes data, and says what happened. */
export interface UnitOfWork {
  /** TypeORM inside the transaction. Nothing else may query while the unit is open: it would see no rows. */
  readonly manager: EntityManager;
  /** The tenant whose rows are visible; null in a system unit that named none. */
  readonly tenantId: string | null;
  /**
   * Puts an event into the outbox: it is published if and only if the transaction commits. The present trace context is added when the
   * envelope has none.
   * @throws Error when a tenant's unit emits an event of another tenant, or when the event exceeds {@link maxEventBytes}.
   */
  emit(event: TopicEvent): Promise<void>;
  /** Reports a change to the audit log of the unit's tenant; exactly once, if and only if the transaction commits. */
  audit(entry: AuditEntry): Promise<void>;
}

/**
 * Largest envelope of an event, in bytes of UTF-8. Every transport of the event bus takes more. One that it refused would stay first in
 * the outbox and hold back all events behind it, so it must never get there.
 */
export const maxEventBytes = 1024 * 1024;

/** Partition key of audit entries of operators, who change what belongs to no tenant. */
const platformChain = 'platform';

/** {@link UnitOfWork} on an open transaction of the service's schema. */
export class TransactionUnit implements UnitOfWork {
  constructor(
    readonly manager: EntityManager,
    readonly tenantId: string | null,
    private readonly schema: Pick<ServiceSchema, 'schema' | 'service'>,
  ) {}

  async emit({ topic, envelope }: TopicEvent): Promise<void> {
    const tenantId = envelope.tenantid ?? null;
    if (this.tenantId !== null && tenantId !== null && tenantId !== this.tenantId) {
      throw new Error(`${envelope.type} belongs to another tenant than the unit of work`);
    }
    const traceparent = envelope.traceparent ?? currentTraceparent();
    const json = JSON.stringify({ ...envelope, ...(traceparent ? { traceparent } : {}) });
    const bytes = Buffer.byteLength(json);
    if (bytes > maxEventBytes) {
      throw new Error(
        `${envelope.type} of ${envelope.subject} has ${bytes} bytes; an event has at most ${maxEventBytes}`,
      );
    }
    await this.manager.query(
      `insert into ${this.schema.schema}.outbox (tenant_id, topic, partition_key, envelope) values ($1, $2, $3, $4)`,
      [tenantId, topic, envelope.partitionkey, json],
    );
  }

  async audit(entry: AuditEntry): Promise<void> {
    const { topic, envelope } = auditEntryRecorded.create({
      subject: entry.object.id,
      tenantId: this.tenantId,
      partitionKey: this.tenantId ?? platformChain,
      data: entry,
    });
    await this.emit({ topic, envelope: { ...envelope, source: `/tollgate/${this.schema.service}` } });
  }
}
