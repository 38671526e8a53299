import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What analytics tells of quotas, and what a group does with them while it is cut off. */
export class QuotaLeases1760000003100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gateway.quota_meters (
        tenant_id text not null,
        subscription_id text not null,
        version integer not null default 0,
        period text check (period in ('day', 'month')),
        period_end timestamptz,
        used bigint not null default 0,
        watermarks jsonb not null default '[]',
        data_planes integer,
        primary key (tenant_id, subscription_id)
      ) with (fillfactor = 80);
      ${tenantTable('gateway.quota_meters')}

      alter table gateway.gateway_groups add column quota_when_cut_off text not null default 'keep'
        check (quota_when_cut_off in ('keep', 'refuse', 'allow'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table gateway.gateway_groups drop column quota_when_cut_off;
      drop table gateway.quota_meters`);
  }
}
