import { auditEntryRecorded, type AuditEntry, type TopicEvent } from '@tollgate/contracts/events';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { NotedChanges, type NotedViews } from './noted-changes.ts';
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
  /**
   * Reports a change to the audit log of the unit's tenant; exactly once, if and only if the transaction commits. What was noted of the
   * object goes with it.
   */
  audit(entry: AuditEntry): Promise<void>;
  /** Notes what an object was and is, for the audit entry about it. Secrets are taken out later; personal data must not be in it. */
  noteChange(objectId: string, views: NotedViews): void;
  /** Whether what becomes of these rows is told in the audit log. */
  isAudited(entity: EntityTarget<ObjectLiteral>): boolean;
  /** Whether it is, and nobody has noted yet what this row was. */
  needsBefore(entity: EntityTarget<ObjectLiteral>, id: string): boolean;
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
  readonly #noted = new NotedChanges();

  constructor(
    readonly manager: EntityManager,
    readonly tenantId: string | null,
    private readonly schema: Pick<ServiceSchema, 'schema' | 'service' | 'audited'>,
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

  noteChange(objectId: string, views: NotedViews): void {
    this.#noted.note(objectId, views);
  }

  isAudited(entity: EntityTarget<ObjectLiteral>): boolean {
    return this.schema.audited.some((audited) => audited === entity);
  }

  needsBefore(entity: EntityTarget<ObjectLiteral>, id: string): boolean {
    return this.isAudited(entity) && !this.#noted.hasBefore(id);
  }

  async audit(entry: AuditEntry): Promise<void> {
    const changes = entry.changes ?? this.#noted.of(entry.object.id);
    const { topic, envelope } = auditEntryRecorded.create({
      subject: entry.object.id,
      tenantId: this.tenantId,
      partitionKey: this.tenantId ?? platformChain,
      data: changes === undefined ? entry : { ...entry, changes },
    });
    await this.emit({ topic, envelope: { ...envelope, source: `/tollgate/${this.schema.service}` } });
  }
}
