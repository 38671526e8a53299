import { mailsTable } from '@tollgate/notify';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails of invitations and password resets. */
export class Mails1760000010400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(mailsTable('iam'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table iam.mails');
  }
}
