import { Client } from 'pg';
import { expect, inject, it } from 'vitest';
import { createTestDatabase } from './test-database.ts';

it('makes an empty database per suite and drops it while connections are open', async () => {
  const database = await createTestDatabase(inject('databaseUrl'));
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  expect(rows).toEqual([{ name: database.name }]);

  await database.drop();
  const reconnecting = new Client({ connectionString: database.url });
  await expect(reconnecting.connect()).rejects.toThrow(/does not exist/);
});
