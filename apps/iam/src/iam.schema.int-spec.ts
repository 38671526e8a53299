import { checkCatalogue } from '@tollgate/persistence';
import { createTestDatabase } from '@tollgate/persistence/testing';
import { expect, inject, it } from 'vitest';
import { iamSchema } from './iam.schema.ts';

it('keeps every table of iam within its tenant, but for the listed ones', async () => {
  const test = await createTestDatabase(inject('databaseUrl'), [iamSchema]);
  try {
    expect(await checkCatalogue(test.adminUrl, [iamSchema])).toEqual([]);
  } finally {
    await test.drop();
  }
});
