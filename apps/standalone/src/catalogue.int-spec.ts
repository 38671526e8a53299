import { checkCatalogue, migrate } from '@tollgate/persistence';
import { createTestDatabase } from '@tollgate/embedded';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { schemas } from './services.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseUrl'));
  await migrate({ adminUrl: database.url, masterKey: 'm'.repeat(40), schemas });
});
afterAll(() => database.drop());

describe('the database of all services', () => {
  it('keeps tenants apart in every table, and gives no role more than it needs', async () => {
    expect(await checkCatalogue(database.url, schemas)).toEqual([]);
  });

  it('is left as it is by a second migration', async () => {
    await migrate({ adminUrl: database.url, masterKey: 'm'.repeat(40), schemas });
    expect(await checkCatalogue(database.url, schemas)).toEqual([]);
  });
});
