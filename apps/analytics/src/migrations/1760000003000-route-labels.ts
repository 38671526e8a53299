import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names of routes, copied from the revision in force, and which groups have a newer one than the copy. */
export class RouteLabels1760000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table analytics.route_labels (
        tenant_id text not null,
        group_id text not null,
        route_id text not null,
        name text not null,
        primary key (tenant_id, group_id, route_id)
      );
      ${tenantTable('analytics.route_labels')}

      create table analytics.route_copies (
        tenant_id text not null,
        group_id text not null,
        revision integer not null,
        copied_revision integer not null default 0,
        primary key (tenant_id, group_id)
      );
      ${tenantTable('analytics.route_copies')}
      ${systemAccess('analytics.route_copies', ['select'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table analytics.route_copies, analytics.route_labels');
  }
}
