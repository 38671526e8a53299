import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { sharedPoolId } from '../pools/shared-pool.ts';

/** What iam says of tenants and environments; pools; gateway groups and their workspaces. */
export class Groups1760000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gateway.tenants (
        tenant_id text primary key,
        slug text not null
      );
      ${tenantTable('gateway.tenants')}

      create table gateway.environments (
        id text primary key,
        tenant_id text not null,
        project_id text not null,
        is_deleted boolean not null default false
      );
      ${tenantTable('gateway.environments')}

      create table gateway.pools (
        id text primary key,
        tenant_id text,
        name text not null,
        kind text not null check (kind in ('shared', 'self-hosted')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((kind = 'shared') = (tenant_id is null))
      );
      -- Before row-level security, which binds the owner too.
      insert into gateway.pools (id, name, kind) values ('${sharedPoolId}', 'Shared', 'shared');
      create index pools_page on gateway.pools (tenant_id, id);
      ${tenantTable('gateway.pools')}
      ${systemAccess('gateway.pools')}

      create table gateway.gateway_groups (
        id text primary key,
        tenant_id text not null,
        environment_id text not null,
        project_id text not null,
        name text not null,
        hosts text[] not null,
        pool_id text not null references gateway.pools (id),
        pool_kind text not null,
        error_format text not null,
        max_access_age_seconds integer,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index gateway_groups_name_key on gateway.gateway_groups (tenant_id, name);
      create unique index gateway_groups_own_pool_key on gateway.gateway_groups (tenant_id, pool_id)
        where pool_kind = 'self-hosted';
      create index gateway_groups_page on gateway.gateway_groups (tenant_id, id);
      create index gateway_groups_pool on gateway.gateway_groups (pool_id);
      ${tenantTable('gateway.gateway_groups')}
      ${systemAccess('gateway.gateway_groups', ['select'])}

      create table gateway.workspaces (
        id text primary key,
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        name text not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index workspaces_name_key on gateway.workspaces (tenant_id, group_id, name);
      ${tenantTable('gateway.workspaces')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table gateway.workspaces, gateway.gateway_groups, gateway.pools, gateway.environments,
      gateway.tenants`);
  }
}
