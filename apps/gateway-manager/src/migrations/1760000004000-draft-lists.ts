import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people know a resource by, beside its id. */
const searched = [
  ...['name', 'desc', 'uri', 'uris', 'host', 'hosts', 'sni', 'username', 'nodes'].map((field) => `value->>'${field}'`),
  `value#>>'{upstream,nodes}'`,
].map((text) => `chr(10) || coalesce(${text}, '')`);

/**
 * Lists of a draft are searched, sorted and filtered. A search reads every row of one kind in one group, so the text is kept ready;
 * an index on it would not serve, because comparing parts of texts is not leakproof and row-level security comes first. What a list is
 * sorted by ends with the id, which makes it unique: one column is all that a cursor holds.
 */
export class DraftLists1760000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table gateway.draft_resources
        add column search_text text not null generated always as (lower(id || ${searched.join(' || ')})) stored,
        add column name_order text collate "C" not null generated always as
          (lower(coalesce(nullif(value->>'name', ''), id)) || chr(10) || id) stored,
        add column changed_order text collate "C" not null generated always as
          ((extract(epoch from updated_at at time zone 'UTC') * 1000000)::bigint::text || chr(10) || id) stored;
      create index draft_resources_named on gateway.draft_resources (tenant_id, group_id, kind, name_order);
      create index draft_resources_changed_at on gateway.draft_resources (tenant_id, group_id, kind, changed_order);
      create index draft_resources_template_use on gateway.draft_resources (tenant_id, group_id, kind, template_id, id)
        where template_id is not null;
      drop index gateway.draft_references_target;
      create index draft_references_target on gateway.draft_references (tenant_id, group_id, to_kind, to_id, kind, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index gateway.draft_references_target;
      create index draft_references_target on gateway.draft_references (tenant_id, group_id, to_kind, to_id);
      alter table gateway.draft_resources drop column search_text, drop column name_order, drop column changed_order;
      drop index gateway.draft_resources_template_use`);
  }
}
