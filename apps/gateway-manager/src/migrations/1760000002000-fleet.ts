import { globalTable, systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The CA, enrolment tokens, data planes, their certificates and what each has in force. */
export class Fleet1760000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gateway.certificate_authorities (
        id text primary key,
        kind text not null check (kind in ('root', 'intermediate')),
        certificate text not null,
        sealed_key text,
        not_after timestamptz not null
      );
      create unique index certificate_authorities_one_root on gateway.certificate_authorities (kind) where kind = 'root';
      ${globalTable('gateway.certificate_authorities', { system: ['select', 'insert'] })}

      create table gateway.enrolment_tokens (
        id text primary key,
        tenant_id text,
        pool_id text not null references gateway.pools (id) on delete cascade,
        name text not null,
        secret_sha256 text not null,
        reusable boolean not null,
        uses integer not null default 0,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index enrolment_tokens_page on gateway.enrolment_tokens (pool_id, id);
      ${tenantTable('gateway.enrolment_tokens')}
      ${systemAccess('gateway.enrolment_tokens')}

      create table gateway.data_planes (
        id text primary key,
        tenant_id text,
        pool_id text not null references gateway.pools (id),
        name text not null,
        status text not null default 'unknown',
        status_since timestamptz not null default now(),
        software_version text not null,
        is_draining boolean not null default false,
        last_seen_at timestamptz,
        behind_since timestamptz,
        certificate_expires_at timestamptz not null,
        revoked_at timestamptz,
        clock_offset_ms integer,
        load jsonb,
        version integer not null default 1,
        created_at timestamptz not null default now()
      );
      create index data_planes_page on gateway.data_planes (tenant_id, id);
      create index data_planes_pool on gateway.data_planes (pool_id, id);
      create index data_planes_revoked on gateway.data_planes (revoked_at) where revoked_at is not null;
      create index data_planes_last_seen on gateway.data_planes (last_seen_at)
        where revoked_at is null and status in ('online', 'degraded', 'out-of-date', 'unknown');
      ${tenantTable('gateway.data_planes', ['select', 'update'])}
      ${systemAccess('gateway.data_planes')}

      create table gateway.client_certificates (
        id text primary key,
        tenant_id text,
        data_plane_id text not null references gateway.data_planes (id) on delete cascade,
        not_after timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index client_certificates_data_plane on gateway.client_certificates (data_plane_id);
      ${tenantTable('gateway.client_certificates', ['select'])}
      ${systemAccess('gateway.client_certificates')}

      create table gateway.data_plane_groups (
        tenant_id text not null,
        data_plane_id text not null references gateway.data_planes (id) on delete cascade,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        revision bigint not null default 0,
        access bigint not null default 0,
        acknowledged_at timestamptz,
        refusal jsonb,
        primary key (tenant_id, group_id, data_plane_id)
      );
      create index data_plane_groups_data_plane on gateway.data_plane_groups (data_plane_id);
      ${tenantTable('gateway.data_plane_groups', ['select'])}
      ${systemAccess('gateway.data_plane_groups')}

      ${systemAccess('gateway.sequence_heads', ['select'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop policy system_access on gateway.sequence_heads;
      drop table gateway.data_plane_groups, gateway.client_certificates, gateway.data_planes,
      gateway.enrolment_tokens, gateway.certificate_authorities`);
  }
}
