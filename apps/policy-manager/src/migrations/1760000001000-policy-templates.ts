import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PolicyTemplates1760000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table policy.policy_templates (
        id text primary key,
        tenant_id text not null,
        name text not null,
        description text not null,
        draft jsonb not null,
        latest_version integer not null default 0,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        removed_at timestamptz
      );
      create unique index policy_templates_name_key on policy.policy_templates (tenant_id, name) where removed_at is null;
      create index policy_templates_page on policy.policy_templates (tenant_id, id) where removed_at is null;
      ${tenantTable('policy.policy_templates', ['select', 'insert', 'update'])}

      create table policy.policy_template_versions (
        template_id text not null references policy.policy_templates (id),
        number integer not null,
        tenant_id text not null,
        name text not null,
        note text not null,
        policies jsonb not null,
        plugins jsonb not null,
        content_hash text not null,
        published_at timestamptz not null default now(),
        published_by text not null,
        primary key (tenant_id, template_id, number)
      );
      ${tenantTable('policy.policy_template_versions', ['select', 'insert'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table policy.policy_template_versions, policy.policy_templates');
  }
}
