import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which version of its tenant a suspension is known from, so that a snapshot never undoes what a later event told. */
export class TenantVersions1760000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.tenants add column version integer not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.tenants drop column version');
  }
}
