import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one suite's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Removes the database, also when connections to it are still open. */
  drop(): Promise<void>;
}

/** Makes an empty database on the server that an administrator's URL names. Drop it in `afterAll`. */
export async function createTestDatabase(databaseUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => execute(databaseUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(databaseUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
