import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which subscriptions have a quota, what each has used of it, and which data planes counted that. */
export class Quotas1760000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table analytics.quota_plans (
        tenant_id text not null,
        plan_version_id text not null,
        calls bigint not null,
        period text not null check (period in ('day', 'month')),
        primary key (tenant_id, plan_version_id)
      );
      ${tenantTable('analytics.quota_plans')}
      ${systemAccess('analytics.quota_plans', ['select'])}

      create table analytics.quota_subscriptions (
        tenant_id text not null,
        subscription_id text not null,
        plan_version_id text not null,
        is_live boolean not null,
        has_quota boolean not null,
        aggregate_version integer not null,
        version integer not null default 1,
        told_version integer not null default 0,
        told_at timestamptz not null default '-infinity',
        told_until timestamptz not null default 'infinity',
        told jsonb,
        primary key (tenant_id, subscription_id)
      ) with (fillfactor = 80);
      create index quota_subscriptions_plan on analytics.quota_subscriptions (tenant_id, plan_version_id);
      create index quota_subscriptions_news on analytics.quota_subscriptions (told_at) 
        where is_live and has_quota and told_version < version;
      create index quota_subscriptions_told_until on analytics.quota_subscriptions (told_until) where is_live and has_quota;
      ${tenantTable('analytics.quota_subscriptions')}
      ${systemAccess('analytics.quota_subscriptions', ['select', 'update'])}

      create table analytics.quota_meters (
        tenant_id text not null,
        subscription_id text not null,
        period_start timestamptz not null,
        period_end timestamptz not null,
        used bigint not null,
        primary key (tenant_id, subscription_id, period_start, period_end)
      ) with (fillfactor = 80);
      create index quota_meters_period_end on analytics.quota_meters (period_end);
      ${tenantTable('analytics.quota_meters', ['select'])}
      ${systemAccess('analytics.quota_meters')}

      create table analytics.quota_streams (
        tenant_id text not null,
        subscription_id text not null,
        instance_id text not null,
        epoch text not null,
        counted_at timestamptz not null default now(),
        primary key (tenant_id, subscription_id, instance_id, epoch)
      ) with (fillfactor = 80);
      create index quota_streams_stream on analytics.quota_streams (instance_id, epoch);
      create index quota_streams_counted_at on analytics.quota_streams (counted_at);
      ${tenantTable('analytics.quota_streams', ['select'])}
      ${systemAccess('analytics.quota_streams')}

      ${systemAccess('analytics.billing_zones', ['select'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop policy system_access on analytics.billing_zones;
      drop table analytics.quota_streams, analytics.quota_meters, analytics.quota_subscriptions, analytics.quota_plans`);
  }
}
