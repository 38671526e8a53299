import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a tenant be made together with its first project, in one unit of work. */
export class Seeding1760000010600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant insert on iam.projects, iam.environments to tollgate_iam_system');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('revoke insert on iam.projects, iam.environments from tollgate_iam_system');
  }
}
