import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of templates are searched and sorted; what they are sorted by ends with the id, which makes it unique. */
export class TemplateLists1760000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table policy.policy_templates
        add column policy_types jsonb not null generated always as (jsonb_path_query_array(draft, '$.*[*].type')) stored,
        add column name_order text collate "C" not null generated always as (lower(name) || chr(10) || id) stored,
        add column changed_order text collate "C" not null generated always as
          ((extract(epoch from updated_at at time zone 'UTC') * 1000000)::bigint::text || chr(10) || id) stored;
      create index policy_templates_named on policy.policy_templates (tenant_id, name_order) where removed_at is null;
      create index policy_templates_changed_at on policy.policy_templates (tenant_id, changed_order) where removed_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table policy.policy_templates drop column policy_types, drop column name_order, drop column changed_order',
    );
  }
}
