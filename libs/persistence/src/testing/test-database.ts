import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { migrate } from '../migrate/migrate.ts';
import { runtimeDatabaseUrl } from '../schema/roles.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { Database } from '../unit/database.ts';

/** One key for all suites: roles belong to the server, so another key would change the passwords of suites that run beside. */
export const testMasterKey = 'the-master-key-of-integration-suites';

/** A migrated database of one suite's own. */
export interface TestDatabase {
  /** Administrator's address of this database. */
  adminUrl: string;
  /** Address with the runtime role of the service. */
  urlOf(schema: ServiceSchema): string;
  /** Connects as the service does; closed by {@link TestDatabase.drop}. */
  connect(schema: ServiceSchema): Promise<Database>;
  /** Queries as the administrator, past every rule; for looking behind the service. */
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Makes a fresh database on the server that the suite was given and migrates the schemas into it. */
export async function createTestDatabase(serverUrl: string, schemas: readonly ServiceSchema[]): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(serverUrl, `create database ${escapeIdentifier(name)}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const adminUrl = url.href;
  await migrate({ adminUrl, masterKey: testMasterKey, schemas });
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const databases: Database[] = [];
  const urlOf = (schema: ServiceSchema) =>
    runtimeDatabaseUrl({ adminUrl, masterKey: testMasterKey, service: schema.service });
  return {
    adminUrl,
    urlOf,
    async connect(schema) {
      const database = await Database.connect(schema, { databaseUrl: urlOf(schema), poolSize: 4 });
      databases.push(database);
      return database;
    },
    async query<Row extends object>(sql: string, values: unknown[] = []) {
      return (await admin.query<Row>(sql, values)).rows;
    },
    async drop() {
      await Promise.all(databases.map((database) => database.close()));
      await admin.end();
      await asAdmin(serverUrl, `drop database ${escapeIdentifier(name)} with (force)`);
    },
  };
}

async function asAdmin(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
