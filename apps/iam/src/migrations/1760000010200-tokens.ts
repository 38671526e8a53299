import { globalTable, systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service accounts, access tokens and the keys that sign internal tokens. */
export class Tokens1760000010200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table iam.service_accounts (
        id text primary key,
        tenant_id text not null references iam.tenants (id),
        name text not null,
        description text not null,
        permissions text[] not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        constraint service_accounts_name_key unique (tenant_id, name)
      );
      ${tenantTable('iam.service_accounts')}
      ${systemAccess('iam.service_accounts', ['select'])}

      create table iam.access_tokens (
        id text primary key,
        tenant_id text not null references iam.tenants (id),
        owner_kind text not null check (owner_kind in ('user', 'service-account')),
        owner_id text not null,
        name text not null,
        permissions text[] not null,
        token_hash text not null constraint access_tokens_token_key unique,
        hint text not null,
        created_by text not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        last_used_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index access_tokens_owner on iam.access_tokens (tenant_id, owner_id, id);
      create index access_tokens_revoked on iam.access_tokens (revoked_at) where revoked_at is not null;
      ${tenantTable('iam.access_tokens', ['select', 'insert', 'update'])}
      ${systemAccess('iam.access_tokens', ['select', 'update'])}

      create table iam.signing_keys (
        id text primary key,
        period bigint not null unique,
        public_jwk jsonb not null,
        sealed_private_key text not null,
        created_at timestamptz not null default now()
      );
      ${globalTable('iam.signing_keys', { system: ['select', 'insert', 'delete'] })}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table iam.signing_keys, iam.access_tokens, iam.service_accounts');
  }
}
