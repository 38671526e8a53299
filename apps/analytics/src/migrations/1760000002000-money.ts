import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const labelTables = ['billing_zones', 'product_labels', 'plan_version_labels', 'subscription_labels'] as const;

/** What other services told about names and plans, and the prices that are set here. */
export class Money1760000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table analytics.billing_zones (
        tenant_id text primary key,
        zone text not null
      );
      create table analytics.product_labels (
        tenant_id text not null,
        product_id text not null,
        name text not null,
        aggregate_version integer not null,
        primary key (tenant_id, product_id)
      );
      create table analytics.plan_version_labels (
        tenant_id text not null,
        plan_version_id text not null,
        product_id text not null,
        name text not null,
        primary key (tenant_id, plan_version_id)
      );
      create table analytics.subscription_labels (
        tenant_id text not null,
        subscription_id text not null,
        application_id text not null,
        application_name text not null,
        product_id text not null,
        plan_version_id text not null,
        aggregate_version integer not null,
        primary key (tenant_id, subscription_id)
      );
      ${labelTables.map((name) => tenantTable(`analytics.${name}`)).join('\n')}

      create table analytics.subscription_plans (
        tenant_id text not null,
        subscription_id text not null,
        effective_from timestamptz not null,
        plan_version_id text not null,
        primary key (tenant_id, subscription_id, effective_from)
      );
      ${tenantTable('analytics.subscription_plans')}

      create table analytics.prices (
        id text primary key,
        tenant_id text not null,
        plan_version_id text not null,
        currency text not null,
        terms jsonb not null,
        effective_from timestamptz not null,
        created_at timestamptz not null,
        constraint prices_effective_from_key unique (tenant_id, plan_version_id, effective_from)
      );
      ${tenantTable('analytics.prices', ['select', 'insert'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [...labelTables, 'subscription_plans', 'prices'];
    await runner.query(`drop table ${tables.map((name) => `analytics.${name}`).join(', ')}`);
  }
}
