import { checkCatalogue } from '@tollgate/persistence';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { gatewayManagerSchema } from './gateway-manager.schema.ts';

describe('the database of gateway-manager', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(inject('databaseUrl'), [gatewayManagerSchema]);
  });
  afterAll(() => database.drop());

  it('keeps tenants apart in every table', async () => {
    expect(await checkCatalogue(database.adminUrl, [gatewayManagerSchema])).toEqual([]);
  });
});
