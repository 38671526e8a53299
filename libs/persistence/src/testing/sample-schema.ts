import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { defineServiceSchema } from '../schema/service-schema.ts';
import { globalTable, systemAccess, tenantTable } from '../schema/table-access.ts';

/** A tenant's row, for the suites of this library. */
@Entity('notes')
export class NoteEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'tenant_id' })
  tenantId!: string;

  @Column('text')
  title!: string;

  @Column('integer')
  version!: number;
}

class SampleTables1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table analytics.notes (
        id text primary key,
        tenant_id text not null,
        title text not null,
        version integer not null default 1,
        constraint notes_title_key unique (tenant_id, title)
      );
      ${tenantTable('analytics.notes')}
      ${systemAccess('analytics.notes', ['select'])}

      create table analytics.secrets (id text primary key, tenant_id text not null);
      ${tenantTable('analytics.secrets')}

      create table analytics.names (name text primary key);
      ${globalTable('analytics.names', { app: ['select'], system: ['select', 'insert'] })}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table analytics.names, analytics.secrets, analytics.notes');
  }
}

/** A small service schema, for the suites of this library. */
export const sampleSchema = defineServiceSchema({
  service: 'analytics',
  entities: [NoteEntity],
  audited: [NoteEntity],
  migrations: [SampleTables1760000000001],
  systemPurposes: { 'count-notes': 'counts the notes of all tenants' },
  systemTables: { notes: 'counted across tenants', names: 'kept by the platform' },
  globalTables: { names: 'shared by all tenants' },
});
