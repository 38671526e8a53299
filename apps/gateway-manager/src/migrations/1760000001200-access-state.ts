import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read-only projection of the portal, and the access state compiled from it. */
export class AccessState1760000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gateway.portal_products (
        id text primary key,
        tenant_id text not null,
        name text not null,
        bindings jsonb not null,
        plan_version_ids text[] not null,
        keyless boolean not null,
        version integer not null
      );
      ${tenantTable('gateway.portal_products')}

      create table gateway.portal_plan_versions (
        id text primary key,
        tenant_id text not null,
        plan_id text not null,
        product_id text not null,
        number integer not null,
        name text not null,
        call_limit jsonb,
        quota jsonb
      );
      create index portal_plan_versions_product on gateway.portal_plan_versions (tenant_id, product_id);
      ${tenantTable('gateway.portal_plan_versions')}

      create table gateway.portal_subscriptions (
        id text primary key,
        tenant_id text not null,
        application_id text not null,
        application_name text not null,
        developer_id text not null,
        product_id text not null,
        plan_version_id text not null,
        group_ids text[] not null,
        state text not null check (state in ('pending', 'active', 'suspended', 'cancelled')),
        version integer not null
      );
      create index portal_subscriptions_plan on gateway.portal_subscriptions (tenant_id, plan_version_id);
      ${tenantTable('gateway.portal_subscriptions')}

      create table gateway.portal_credentials (
        id text primary key,
        tenant_id text not null,
        subscription_id text not null,
        group_ids text[] not null,
        key_sha256 text,
        expires_at timestamptz,
        revoked_at timestamptz
      );
      create index portal_credentials_subscription on gateway.portal_credentials (tenant_id, subscription_id);
      ${tenantTable('gateway.portal_credentials')}

      create table gateway.access_resources (
        tenant_id text not null,
        group_id text not null references gateway.gateway_groups (id) on delete cascade,
        kind text not null,
        id text not null,
        value jsonb,
        content_hash text,
        position integer not null,
        primary key (tenant_id, group_id, kind, id)
      );
      create index access_resources_position on gateway.access_resources (tenant_id, group_id, position);
      ${tenantTable('gateway.access_resources')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table gateway.access_resources, gateway.portal_credentials, gateway.portal_subscriptions,
      gateway.portal_plan_versions, gateway.portal_products`);
  }
}
