import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that are made for trying an API are told apart from those of developers. */
export class CredentialKinds1760000003300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table gateway.portal_credentials add column kind text not null default 'key' check (kind in ('key', 'try'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gateway.portal_credentials drop column kind');
  }
}
