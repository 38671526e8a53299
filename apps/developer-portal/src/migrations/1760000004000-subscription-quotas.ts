import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much of their quotas subscriptions have used, as analytics tells. */
export class SubscriptionQuotas1760000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table portal.subscription_quotas (
        tenant_id text not null,
        subscription_id text not null references portal.subscriptions on delete cascade,
        version integer not null,
        period text not null,
        period_start timestamptz not null,
        period_end timestamptz not null,
        used bigint not null,
        counted_at timestamptz not null,
        primary key (tenant_id, subscription_id)
      ) with (fillfactor = 80);
      ${tenantTable('portal.subscription_quotas')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table portal.subscription_quotas');
  }
}
