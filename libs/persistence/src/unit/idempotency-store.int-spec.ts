import { newId } from '@tollgate/contracts';
import type { IdempotencyKey } from '@tollgate/platform';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { PostgresIdempotencyStore } from './idempotency-store.ts';

let test: TestDatabase;
let store: PostgresIdempotencyStore;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  store = new PostgresIdempotencyStore(await test.connect(sampleSchema));
});
afterAll(() => test.drop());

const freshKey = (change: Partial<IdempotencyKey> = {}): IdempotencyKey => ({
  tenantId: newId('tnt'),
  principalId: newId('usr'),
  operationId: 'createNote',
  key: 'k-1',
  requestHash: 'a',
  ...change,
});

describe('an idempotency key', () => {
  it('gives the first answer again', async () => {
    const key = freshKey();
    expect(await store.begin(key)).toEqual({ state: 'new' });
    await store.complete(key, 201, 'sealed');
    expect(await store.begin(key)).toEqual({ state: 'done', status: 201, response: 'sealed' });
  });

  it('lets exactly one of many simultaneous requests through', async () => {
    const key = freshKey();
    const states = await Promise.all(Array.from({ length: 12 }, () => store.begin(key)));
    expect(states.filter(({ state }) => state === 'new')).toHaveLength(1);
    expect(states.filter(({ state }) => state === 'running')).toHaveLength(11);
  });

  it('refuses another request', async () => {
    const key = freshKey();
    await store.begin(key);
    expect(await store.begin({ ...key, requestHash: 'b' })).toEqual({ state: 'mismatch' });
    await store.complete(key, 201, 'sealed');
    expect(await store.begin({ ...key, requestHash: 'b' })).toEqual({ state: 'mismatch' });
  });

  it('is free again after its request failed', async () => {
    const key = freshKey();
    await store.begin(key);
    await store.abandon(key);
    expect(await store.begin({ ...key, requestHash: 'b' })).toEqual({ state: 'new' });
  });

  it('means something else for another person, and for the same person in another tenant', async () => {
    const key = freshKey();
    await store.begin(key);
    expect(await store.begin({ ...key, principalId: newId('usr') })).toEqual({ state: 'new' });
    expect(await store.begin({ ...key, tenantId: newId('tnt') })).toEqual({ state: 'new' });
    expect(await store.begin({ ...key, tenantId: undefined })).toEqual({ state: 'new' });
  });

  it('can be claimed again for the same request once its process must be dead', async () => {
    const key = freshKey();
    await store.begin(key);
    await test.query(
      `update analytics.idempotency_keys set claimed_until = now() - interval '1 second' where scope like $1`,
      [`%${key.principalId}`],
    );
    expect(await store.begin({ ...key, requestHash: 'b' })).toEqual({ state: 'mismatch' });
    expect(await store.begin(key)).toEqual({ state: 'new' });
  });

  it('is forgotten after its time, and only then', async () => {
    const [old, young] = [freshKey(), freshKey()];
    for (const key of [old, young]) {
      await store.begin(key);
      await store.complete(key, 201, 'sealed');
    }
    await test.query(
      `update analytics.idempotency_keys set expires_at = now() - interval '1 second' where scope like $1`,
      [`%${old.principalId}`],
    );
    expect(await store.forgetExpired()).toBe(1);
    expect(await store.begin(old)).toEqual({ state: 'new' });
    expect(await store.begin(young)).toMatchObject({ state: 'done' });
  });
});
