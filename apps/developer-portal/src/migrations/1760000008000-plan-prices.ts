import { tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What calls cost in the versions of plans, as analytics tells. */
export class PlanPrices1760000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table portal.plan_prices (
        tenant_id text not null,
        price_id text not null,
        plan_version_id text not null references portal.plan_versions on delete cascade,
        price jsonb not null,
        effective_from timestamptz not null,
        primary key (tenant_id, price_id)
      );
      create index plan_prices_in_force on portal.plan_prices (plan_version_id, effective_from desc);
      ${tenantTable('portal.plan_prices')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table portal.plan_prices');
  }
}
