import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Draft, contents, revisions and the index of what is in force.
 *
 * `published_resources` is the full index of the present revision; each change row holds the hash before and after, so any
 * older revision is reached from there by walking back over the changes since, without reading what did not change.
 */
export class Configuration1760000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gateway.sequence_heads (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        sequence text not null check (sequence in ('revision', 'access')),
        position integer not null,
        hash text not null,
        primary key (tenant_id, group_id, sequence)
      );
      ${tenantTable('gateway.sequence_heads')}

      create table gateway.draft_resources (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        kind text not null,
        id text not null,
        key text not null generated always as (kind || '/' || id) stored,
        workspace_id text references gateway.workspaces (id),
        value jsonb,
        template_id text,
        template_version integer,
        imported_by text,
        content_hash text,
        published_hash text,
        is_changed boolean generated always as (content_hash is distinct from published_hash) stored,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, group_id, kind, id)
      );
      create index draft_resources_changed on gateway.draft_resources (tenant_id, group_id, key) where is_changed;
      create index draft_resources_template on gateway.draft_resources (tenant_id, group_id, workspace_id, template_id, template_version)
        where template_id is not null;
      create index draft_resources_imported on gateway.draft_resources (tenant_id, group_id, imported_by)
        where imported_by is not null;
      create index draft_resources_workspace on gateway.draft_resources (workspace_id);
      ${tenantTable('gateway.draft_resources')}

      create table gateway.draft_references (
        tenant_id text not null,
        group_id text not null,
        kind text not null,
        id text not null,
        to_kind text not null,
        to_id text not null,
        primary key (tenant_id, group_id, kind, id, to_kind, to_id),
        foreign key (tenant_id, group_id, kind, id) references gateway.draft_resources on delete cascade
      );
      create index draft_references_target on gateway.draft_references (tenant_id, group_id, to_kind, to_id);
      ${tenantTable('gateway.draft_references')}

      create table gateway.contents (
        tenant_id text not null,
        hash text not null,
        value jsonb not null,
        primary key (tenant_id, hash)
      );
      ${tenantTable('gateway.contents', ['select', 'insert'])}

      create table gateway.published_resources (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        kind text not null,
        id text not null,
        workspace_id text,
        content_hash text not null,
        primary key (tenant_id, group_id, kind, id),
        foreign key (tenant_id, content_hash) references gateway.contents
      );
      create index published_resources_workspace on gateway.published_resources (tenant_id, group_id, workspace_id, kind);
      ${tenantTable('gateway.published_resources')}

      create table gateway.revisions (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        revision integer not null,
        hash text not null,
        cause text not null check (cause in ('publish', 'rollback')),
        workspace_id text,
        restored_revision integer,
        note text not null,
        changed integer not null,
        published_by jsonb not null,
        published_at timestamptz not null default now(),
        primary key (tenant_id, group_id, revision)
      );
      ${tenantTable('gateway.revisions', ['select', 'insert', 'delete'])}

      create table gateway.revision_changes (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        revision integer not null,
        kind text not null,
        id text not null,
        key text not null generated always as (kind || '/' || id) stored,
        workspace_id text,
        before_hash text,
        after_hash text,
        primary key (tenant_id, group_id, revision, kind, id)
      );
      ${tenantTable('gateway.revision_changes', ['select', 'insert', 'delete'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table gateway.revision_changes, gateway.revisions, gateway.published_resources, gateway.contents,
      gateway.draft_references, gateway.draft_resources, gateway.sequence_heads`);
  }
}
