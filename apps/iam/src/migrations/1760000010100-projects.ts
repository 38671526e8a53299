import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Projects and their environments. */
export class Projects1760000010100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table iam.projects (
        id text primary key,
        tenant_id text not null references iam.tenants (id),
        name text not null,
        description text not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint projects_name_key unique (tenant_id, name),
        unique (tenant_id, id)
      );
      ${tenantTable('iam.projects')}
      ${systemAccess('iam.projects', ['select'])}

      create table iam.environments (
        id text primary key,
        tenant_id text not null,
        project_id text not null,
        name text not null,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint environments_name_key unique (tenant_id, project_id, name),
        constraint environments_project_fkey foreign key (tenant_id, project_id) references iam.projects (tenant_id, id)
      );
      ${tenantTable('iam.environments')}
      ${systemAccess('iam.environments', ['select'])}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table iam.environments, iam.projects');
  }
}
