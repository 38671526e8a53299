import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { NoteEntity, sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import { readPage } from './paging.ts';
import { isUniqueViolation } from './pg-errors.ts';
import { deleteVersioned, updateVersioned } from './versioned.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  database = await test.connect(sampleSchema);
});
afterAll(() => test.drop());

async function addNotes(tenantId: string, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: newId('doc'),
    tenantId,
    title: `n${index}`,
    version: 1,
  }));
  await database.inTenant(tenantId, ({ manager }) => manager.insert(NoteEntity, rows));
  return rows.map((row) => row.id);
}

describe('a versioned change', () => {
  it('is made once for each version; the second writer is told that the row has changed', async () => {
    const tenantId = newId('tnt');
    const [id = ''] = await addNotes(tenantId, 1);
    const rename = (title: string) =>
      database.inTenant(tenantId, (unit) =>
        updateVersioned(unit, NoteEntity, { id, expectedVersion: 1, set: { title } }),
      );
    const outcomes = await Promise.allSettled([rename('left'), rename('right')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 2 }]);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { definition: commonErrors.preconditionFailed },
    });
  });

  it('is refused for a version that no row can have', async () => {
    const tenantId = newId('tnt');
    const [id = ''] = await addNotes(tenantId, 1);
    const stale = { definition: commonErrors.preconditionFailed };
    for (const expectedVersion of [0, 2 ** 31 - 1, 2 ** 31, 10 ** 15]) {
      const row = { id, expectedVersion };
      const changing = database.inTenant(tenantId, (unit) =>
        updateVersioned(unit, NoteEntity, { ...row, set: { title: 'x' } }),
      );
      await expect(changing).rejects.toMatchObject(stale);
      const deleting = database.inTenant(tenantId, (unit) => deleteVersioned(unit, NoteEntity, row));
      await expect(deleting).rejects.toMatchObject(stale);
    }
  });

  it('answers for a foreign row exactly as for one that does not exist', async () => {
    const [foreign = ''] = await addNotes(newId('tnt'), 1);
    for (const id of [foreign, newId('doc')]) {
      await expect(
        database.inTenant(newId('tnt'), (unit) => deleteVersioned(unit, NoteEntity, { id, expectedVersion: 1 })),
      ).rejects.toMatchObject({ definition: commonErrors.notFound });
    }
  });

  it('deletes only the version that the caller read', async () => {
    const tenantId = newId('tnt');
    const [id = ''] = await addNotes(tenantId, 1);
    const remove = (expectedVersion: number) =>
      database.inTenant(tenantId, (unit) => deleteVersioned(unit, NoteEntity, { id, expectedVersion }));
    await expect(remove(2)).rejects.toMatchObject({ definition: commonErrors.preconditionFailed });
    await remove(1);
    await expect(remove(1)).rejects.toMatchObject({ definition: commonErrors.notFound });
  });
});

describe('a taken name', () => {
  it('is told apart from other failures', async () => {
    const tenantId = newId('tnt');
    await addNotes(tenantId, 1);
    const again: unknown = await addNotes(tenantId, 1).catch((cause: unknown) => cause);
    expect(isUniqueViolation(again)).toBe(true);
    expect(isUniqueViolation(again, 'notes_title_key')).toBe(true);
    expect(isUniqueViolation(again, 'notes_pkey')).toBe(false);
    expect(isUniqueViolation(new Error('something else'))).toBe(false);
  });
});

describe('a paged list', () => {
  async function readAll(tenantId: string, limit: number, direction: 'asc' | 'desc'): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const request = { limit, cursor };
      const page = await database.inTenant(tenantId, ({ manager }) =>
        readPage(manager.createQueryBuilder(NoteEntity, 'note'), request, { direction }),
      );
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...page.items.map((note) => note.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return seen;
  }

  it.each([1, 3, 7, 10])('has every row exactly once with pages of %i', async (limit) => {
    const tenantId = newId('tnt');
    const ids = (await addNotes(tenantId, 7)).toSorted();
    expect(await readAll(tenantId, limit, 'asc')).toEqual(ids);
    expect(await readAll(tenantId, limit, 'desc')).toEqual(ids.toReversed());
  });

  it.each([
    'x',
    'bm90IGpzb24',
    Buffer.from('[{}]').toString('base64url'),
    Buffer.from('["a","b"]').toString('base64url'),
    Buffer.from('[7]').toString('base64url'),
    Buffer.from(String.raw`["\u0000"]`).toString('base64url'),
    Buffer.from(String.raw`["\ud800"]`).toString('base64url'),
  ])('refuses the cursor %s', async (cursor) => {
    const reading = database.inTenant(newId('tnt'), ({ manager }) =>
      readPage(manager.createQueryBuilder(NoteEntity, 'note'), { limit: 5, cursor }),
    );
    await expect(reading).rejects.toMatchObject({ definition: commonErrors.invalid });
  });
});
