import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where clients reach gateway groups, for samples. */
export class GroupAddresses1760000007100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table portal.gateway_groups add column addresses jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table portal.gateway_groups drop column addresses');
  }
}
