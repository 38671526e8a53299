import { globalTable, systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tenants, users, memberships, invitations, sessions and password resets. */
export class People1760000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table iam.tenants (
        id text primary key,
        tenant_id text not null generated always as (id) stored,
        slug text not null constraint tenants_slug_key unique,
        name text not null,
        status text not null default 'active' check (status in ('active', 'suspended')),
        suspension_reason text,
        billing_time_zone text not null default 'UTC',
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      ${tenantTable('iam.tenants', ['select', 'update'])}
      ${systemAccess('iam.tenants', ['select', 'insert', 'update'])}

      create table iam.users (
        id text primary key,
        email text not null constraint users_email_key unique,
        name text not null,
        password_hash text,
        is_operator boolean not null default false,
        created_at timestamptz not null default now()
      );
      ${globalTable('iam.users', { system: ['select', 'insert', 'update', 'delete'] })}

      create table iam.memberships (
        id text primary key,
        tenant_id text not null references iam.tenants (id),
        user_id text not null references iam.users (id),
        role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
        version integer not null default 1,
        created_at timestamptz not null default now(),
        constraint memberships_user_key unique (tenant_id, user_id)
      );
      create index memberships_user on iam.memberships (user_id);
      ${tenantTable('iam.memberships', ['select', 'insert', 'update', 'delete'])}
      ${systemAccess('iam.memberships', ['select', 'insert'])}

      create policy seen_through_memberships on iam.users for select to tollgate_iam_app
        using (exists (select from iam.memberships m where m.user_id = users.id));
      grant select (id, email, name) on iam.users to tollgate_iam_app;

      create table iam.invitations (
        id text primary key,
        tenant_id text not null references iam.tenants (id),
        email text not null,
        role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
        token_hash text not null constraint invitations_token_key unique,
        invited_by text not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now()
      );
      create unique index invitations_pending on iam.invitations (tenant_id, email)
        where accepted_at is null and revoked_at is null;
      ${tenantTable('iam.invitations', ['select', 'insert', 'update'])}
      ${systemAccess('iam.invitations', ['select', 'update'])}

      create table iam.sessions (
        id text primary key,
        user_id text not null references iam.users (id) on delete cascade,
        tenant_id text references iam.tenants (id),
        token_hash text not null unique,
        address text not null,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        expires_at timestamptz not null,
        ended_at timestamptz
      );
      create index sessions_user on iam.sessions (user_id, id);
      create index sessions_ended on iam.sessions (ended_at) where ended_at is not null;
      ${globalTable('iam.sessions', { system: ['select', 'insert', 'update', 'delete'] })}

      create table iam.password_resets (
        id text primary key,
        user_id text not null references iam.users (id) on delete cascade,
        token_hash text not null unique,
        expires_at timestamptz not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      );
      ${globalTable('iam.password_resets', { system: ['select', 'insert', 'update', 'delete'] })}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table iam.password_resets, iam.sessions, iam.invitations, iam.memberships cascade;
      drop table iam.users, iam.tenants`);
  }
}
