import { bootService, loadConfig, platformConfig, type RunningService } from '@tollgate/platform';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Housekeeping } from './housekeeping.ts';
import { PersistenceModule } from './persistence.module.ts';
import { sampleSchema } from './testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase, testMasterKey } from './testing/test-database.ts';

let server: Client;
let test: TestDatabase;
let service: RunningService;

beforeAll(async () => {
  server = new Client({ connectionString: inject('databaseUrl') });
  await server.connect();
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  const config = loadConfig(platformConfig, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: testMasterKey,
    REDIS_URL: inject('redisUrl'),
  });
  service = await bootService(
    {
      service: 'analytics',
      loadConfig: () => config,
      module: () => PersistenceModule.forService(sampleSchema, { databaseUrl: test.urlOf(sampleSchema) }),
    },
    config,
  );
});
afterAll(async () => {
  await service.close();
  await test.drop();
  await server.end();
});

const readiness = async () => {
  const answer = await fetch(`${service.url}/readyz`);
  return { status: answer.status, body: (await answer.json()) as { checks: Record<string, { ok: boolean }> } };
};

describe('a service with a database', () => {
  it('forgets idempotency keys and inbox rows that are past their time', async () => {
    const past = `now() - interval '46 days'`;
    await test.query(`insert into analytics.inbox values ('c', 'old', ${past}), ('c', 'young', now())`);
    await test.query(`insert into analytics.idempotency_keys (scope, key, request_hash, claimed_until, expires_at)
      values ('s', 'old', 'h', ${past}, ${past}), ('s', 'young', 'h', now(), now() + interval '1 day')`);
    const done = await service.app.get(Housekeeping, { strict: false }).runOnce();
    expect(done).toEqual({ idempotencyKeys: 1, inboxRows: 1 });
    expect(await test.query('select event_id from analytics.inbox')).toEqual([{ event_id: 'young' }]);
    expect(await test.query('select key from analytics.idempotency_keys')).toEqual([{ key: 'young' }]);
  });

  it('is ready only while the database lets it in', async () => {
    expect(await readiness()).toMatchObject({ status: 200, body: { checks: { postgres: { ok: true } } } });
    const name = new URL(test.adminUrl).pathname.slice(1);
    await server.query(`alter database ${name} allow_connections false`);
    await server.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename <> current_user`,
      [name],
    );
    expect(await readiness()).toMatchObject({ status: 503, body: { checks: { postgres: { ok: false } } } });
    await server.query(`alter database ${name} allow_connections true`);
    expect((await readiness()).status).toBe(200);
  });
});
