import type { MigrationInterface, QueryRunner } from 'typeorm';

const rollUps = ['usage_minutes', 'usage_hours', 'usage_days'];

/** Calls that somebody tried in console or portal are counted apart from those that clients made. */
export class TriedCalls1760000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of rollUps) {
      await runner.query(`
        alter table analytics.${name}
          add column is_tried boolean not null default false,
          drop constraint ${name}_pkey,
          add primary key (tenant_id, start, group_id, route_id, consumer, status, is_tried)`);
    }
  }

  /** What was tried and what was called under the same key are two rows; they cannot be one again without being added up. */
  async down(runner: QueryRunner): Promise<void> {
    for (const name of rollUps) {
      await runner.query(`
        delete from analytics.${name} where is_tried;
        alter table analytics.${name}
          drop constraint ${name}_pkey,
          drop column is_tried,
          add primary key (tenant_id, start, group_id, route_id, consumer, status)`);
    }
  }
}
