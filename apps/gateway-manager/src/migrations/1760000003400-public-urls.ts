import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where clients reach the data planes of a group. */
export class PublicUrls1760000003400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table gateway.gateway_groups add column public_urls text[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.gateway_groups drop column public_urls');
  }
}
