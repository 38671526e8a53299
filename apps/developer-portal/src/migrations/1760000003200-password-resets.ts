import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which developers set a new password. */
export class PasswordResets1760000003200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table portal.developer_password_resets (
        tenant_id text not null,
        token_sha256 text not null,
        developer_id text not null references portal.developers on delete cascade,
        expires_at timestamptz not null,
        primary key (tenant_id, token_sha256)
      );
      create index developer_password_resets_developer_id on portal.developer_password_resets (developer_id);
      create index developer_password_resets_expires_at on portal.developer_password_resets (expires_at);
      ${tenantTable('portal.developer_password_resets')}
      ${systemAccess('portal.developer_password_resets', ['select', 'delete'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table portal.developer_password_resets');
  }
}
