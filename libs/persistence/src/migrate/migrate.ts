import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { ownerRole } from '../schema/roles.ts';
import { migrationsTable, platformMigration } from '../schema/platform-tables.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { ensureRoles } from './ensure-roles.ts';
import { ensureSchema } from './ensure-schema.ts';

/** What {@link migrate} works on. */
export interface MigrateInput {
  /** Address of an administrator who may create roles, and schemas in this database; need not be a superuser. */
  adminUrl: string;
  /** `TOLLGATE_MASTER_KEY`; the passwords of the log-in roles are derived from it. */
  masterKey: string;
  schemas: readonly ServiceSchema[];
}

/** Advisory lock that only one migration of a database holds at a time. */
const migrationLock = 7_103_991_224;

/**
 * Brings a database up to date: roles, schemas, grants and every migration that has not run. Doing it again changes nothing, and
 * two that run at once wait for each other.
 */
export async function migrate(input: MigrateInput): Promise<void> {
  const admin = new Client({ connectionString: input.adminUrl, application_name: 'tollgate-migrate' });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [migrationLock]);
    await ensureRoles(admin, input);
    for (const schema of input.schemas) {
      await ensureSchema(admin, schema.schema);
      await runMigrations(input.adminUrl, schema);
    }
  } finally {
    await admin.end();
  }
}

async function runMigrations(adminUrl: string, schema: ServiceSchema): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: adminUrl,
    schema: schema.schema,
    migrations: [platformMigration(schema.schema), ...schema.migrations],
    migrationsTableName: migrationsTable,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    applicationName: 'tollgate-migrate',
    extra: { max: 1, options: `-c role=${ownerRole} -c search_path=${schema.schema}` },
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}
