import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of a product outlives it, so that its routes stay closed; it no longer counts as sold. */
export class DeletedProducts1760000002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.portal_products add column is_deleted boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.portal_products drop column is_deleted');
  }
}
