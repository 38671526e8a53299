import { genesisHash } from '../audit/audit-chain.ts';
import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets chains begin after entries that were past their time, people be erased, and environments know who uses them. */
export class RetentionAndReferences1760000010500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table iam.audit_chains
        add column base_sequence bigint not null default 0,
        add column base_hash text not null default '${genesisHash}';
      grant delete on iam.audit_entries to tollgate_iam_system;
      create index audit_entries_occurred_at on iam.audit_entries (occurred_at);

      grant update, delete on iam.memberships to tollgate_iam_system;
      grant delete on iam.invitations to tollgate_iam_system;

      create table iam.environment_uses (
        tenant_id text not null,
        group_id text not null,
        environment_id text not null,
        name text not null,
        primary key (tenant_id, group_id)
      );
      create index environment_uses_environment on iam.environment_uses (tenant_id, environment_id);
      ${tenantTable('iam.environment_uses', ['select', 'insert', 'delete'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table iam.environment_uses;
      drop index iam.audit_entries_occurred_at;
      revoke delete on iam.audit_entries, iam.invitations from tollgate_iam_system;
      revoke update, delete on iam.memberships from tollgate_iam_system;
      alter table iam.audit_chains drop column base_sequence, drop column base_hash`);
  }
}
