import type { AuditChangeSet } from '@tollgate/contracts/events';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One link of a tenant's chain. `bigint` columns come as strings. */
@Entity('audit_entries')
export class AuditEntryEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('bigint')
  sequence!: string;

  @Column('text', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  source!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('text')
  action!: string;

  @Column('text', { name: 'actor_kind' })
  actorKind!: string;

  @Column('text', { name: 'actor_id' })
  actorId!: string;

  @Column('text', { name: 'object_kind' })
  objectKind!: string;

  @Column('text', { name: 'object_id' })
  objectId!: string;

  @Column('text', { name: 'request_id', nullable: true })
  requestId!: string | null;

  @Column('jsonb')
  details!: object;

  @Column('jsonb', { nullable: true })
  changes!: AuditChangeSet | null;

  @Column('text', { name: 'personal_hash', nullable: true })
  personalHash!: string | null;

  @Column('text')
  hash!: string;
}

/** Personal data of an entry; erasing it leaves the chain verifiable. */
@Entity('audit_personal')
export class AuditPersonalEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @PrimaryColumn('bigint')
  sequence!: string;

  @Column('text', { name: 'actor_id' })
  actorId!: string;

  @Column('text')
  salt!: string;

  @Column('text', { name: 'actor_name', nullable: true })
  actorName!: string | null;

  @Column('text', { nullable: true })
  address!: string | null;
}

/** Where a tenant's chain ends. */
@Entity('audit_chains')
export class AuditChainEntity {
  @PrimaryColumn('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('bigint', { name: 'last_sequence' })
  lastSequence!: string;

  @Column('text', { name: 'head_hash' })
  headHash!: string;

  /** Last entry that was deleted when its time was over, and its hash; the chain goes on from there. */
  @Column('bigint', { name: 'base_sequence' })
  baseSequence!: string;

  @Column('text', { name: 'base_hash' })
  baseHash!: string;
}
