import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a subscription has its plan version. Of those so far the best that is known is when they changed last. */
export class PlanSince1760000003100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table portal.subscriptions add column plan_since timestamptz;
      update portal.subscriptions set plan_since = updated_at where state in ('approved', 'suspended', 'cancelled')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table portal.subscriptions drop column plan_since');
  }
}
