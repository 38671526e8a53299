import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that are made for trying an API, beside those of developers. */
export class TryCredentials1760000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table portal.credentials add column kind text not null default 'key' check (kind in ('key', 'try'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table portal.credentials drop column kind');
  }
}
