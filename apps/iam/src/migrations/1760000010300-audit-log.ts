import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log: a hash chain per tenant, and beside it the personal data that may be erased. */
export class AuditLog1760000010300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table iam.audit_chains (
        tenant_id text primary key,
        last_sequence bigint not null,
        head_hash text not null
      );
      ${tenantTable('iam.audit_chains', ['select'])}
      ${systemAccess('iam.audit_chains', ['select', 'insert', 'update'])}

      create table iam.audit_entries (
        tenant_id text not null,
        sequence bigint not null,
        event_id text not null,
        source text not null,
        occurred_at timestamptz not null,
        action text not null,
        actor_kind text not null,
        actor_id text not null,
        object_kind text not null,
        object_id text not null,
        request_id text,
        details jsonb not null,
        personal_hash text,
        hash text not null,
        primary key (tenant_id, sequence)
      );
      create index audit_entries_actor on iam.audit_entries (tenant_id, actor_id, sequence);
      create index audit_entries_object on iam.audit_entries (tenant_id, object_id, sequence);
      ${tenantTable('iam.audit_entries', ['select'])}
      ${systemAccess('iam.audit_entries', ['select', 'insert'])}

      create table iam.audit_personal (
        tenant_id text not null,
        sequence bigint not null,
        actor_id text not null,
        salt text not null,
        actor_name text,
        address text,
        primary key (tenant_id, sequence)
      );
      create index audit_personal_actor on iam.audit_personal (actor_id);
      ${tenantTable('iam.audit_personal', ['select'])}
      ${systemAccess('iam.audit_personal', ['select', 'insert', 'delete'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table iam.audit_personal, iam.audit_entries, iam.audit_chains');
  }
}
