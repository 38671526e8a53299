import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entries tell what became of the object; the log is read by kind of object. */
export class AuditChanges1760000010700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table iam.audit_entries add column changes jsonb;
      create index audit_entries_kind on iam.audit_entries (tenant_id, object_kind, sequence)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index iam.audit_entries_kind;
      alter table iam.audit_entries drop column changes`);
  }
}
