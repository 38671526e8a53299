import { randomBytes } from 'node:crypto';
import { Client, escapeLiteral } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkCatalogue } from '../catalogue/check-catalogue.ts';
import { findRoleProblems } from '../catalogue/role-rules.ts';
import { ownerRole, runtimeDatabaseUrl, schemaRoles } from '../schema/roles.ts';
import { sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, testMasterKey, type TestDatabase } from '../testing/test-database.ts';
import { Database } from '../unit/database.ts';
import { migrate } from './migrate.ts';

const name = `test_${randomBytes(8).toString('hex')}`;
const password = randomBytes(12).toString('hex');
let other: TestDatabase;
let superuser: Client;
let adminUrl: string;

/**
 * A database whose administrator is no superuser: it may create schemas in this database and has the say over Tollgate's roles, which
 * other suites on the same server have made already.
 */
beforeAll(async () => {
  other = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  const { login, app, system } = schemaRoles('analytics');
  await other.query(`create role ${name} login createrole password ${escapeLiteral(password)}`);
  await other.query(`grant ${[ownerRole, login, app, system].join(', ')} to ${name} with admin option`);
  await other.query(`create database ${name} owner ${name}`);
  const url = new URL(inject('databaseUrl'));
  url.pathname = `/${name}`;
  superuser = new Client({ connectionString: url.href });
  await superuser.connect();
  url.username = name;
  url.password = password;
  adminUrl = url.href;
});
afterAll(async () => {
  await superuser.end();
  await other.query(`drop database ${name} with (force)`);
  await other.query(`drop owned by ${name}`);
  await other.query(`drop role ${name}`);
  await other.drop();
});

const runMigrate = () => migrate({ adminUrl, masterKey: testMasterKey, schemas: [sampleSchema] });

async function migrationsThatRan(): Promise<string[]> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>('select name from analytics.schema_migrations order by id');
  await admin.end();
  return rows.map((row) => row.name);
}

describe('migrate', () => {
  it('makes a database that holds every promise, also when three start at once, and again changes nothing', async () => {
    await Promise.all([runMigrate(), runMigrate(), runMigrate()]);
    const first = await migrationsThatRan();
    await runMigrate();
    expect(await migrationsThatRan()).toEqual(first);
    expect(first).toEqual(['PlatformTables1760000000000', 'SampleTables1760000000001']);
    expect(await checkCatalogue(adminUrl, [sampleSchema])).toEqual([]);
  });

  it('lets the service log in with the derived password only', async () => {
    const connect = (masterKey: string) =>
      Database.connect(sampleSchema, {
        databaseUrl: runtimeDatabaseUrl({ adminUrl, masterKey, service: 'analytics' }),
        poolSize: 1,
      });
    const database = await connect(testMasterKey);
    await database.ping();
    await database.close();
    await expect(connect('another master key of enough length')).rejects.toThrow(/password authentication failed/);
  });
});

describe('the catalogue check of roles', () => {
  it.each([
    ['tollgate_analytics', 'bypassrls', 'bypasses row-level security'],
    ['tollgate_analytics_app', 'superuser', 'is a superuser'],
    ['tollgate_analytics', 'inherit', 'inherits'],
    ['tollgate_analytics_system', 'login', 'can log in'],
    ['tollgate_analytics', 'nologin', 'cannot log in'],
  ])('finds %s with %s', async (role, attribute, problem) => {
    await superuser.query('begin');
    try {
      await superuser.query(`alter role ${role} ${attribute}`);
      expect(await findRoleProblems(superuser, 'analytics')).toContainEqual(
        expect.objectContaining({ object: role, problem: expect.stringContaining(problem) as string }),
      );
    } finally {
      await superuser.query('rollback');
    }
  });

  it('finds a role that may become another service’s', async () => {
    await superuser.query('begin');
    try {
      await superuser.query('create role tollgate_sample_other; grant tollgate_sample_other to tollgate_analytics');
      expect(await findRoleProblems(superuser, 'analytics')).toContainEqual(
        expect.objectContaining({
          object: 'tollgate_analytics',
          problem: expect.stringContaining('tollgate_sample_other') as string,
        }),
      );
    } finally {
      await superuser.query('rollback');
    }
  });
});
