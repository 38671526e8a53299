import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which version of its tenant a billing zone is from. The zones so far are those that tenants were created with, in version 1. */
export class ZoneVersions1760000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table analytics.billing_zones add column aggregate_version integer not null default 1;
      alter table analytics.billing_zones alter column aggregate_version drop default`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table analytics.billing_zones drop column aggregate_version');
  }
}
