import { newId } from '@tollgate/contracts';
import { auditEntryRecorded, type AuditChangeSet } from '@tollgate/contracts/events';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { NoteEntity, sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { deleteVersioned, getForChange, insertRow, updateVersioned } from './versioned.ts';

let test: TestDatabase;
let database: Database;
const tenantId = newId('tnt');

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  database = await test.connect(sampleSchema);
});
afterAll(() => test.drop());

/** What the entry about the note tells, after some work in one unit. */
async function audited(id: string, work: (unit: UnitOfWork) => Promise<unknown>): Promise<AuditChangeSet | undefined> {
  await database.inTenant(tenantId, async (unit) => {
    await work(unit);
    const actor = { kind: 'user', id: 'usr_1' };
    await unit.audit({ action: 'note.work', actor, object: { kind: 'note', id }, details: {} });
  });
  const [row] = await test.query<{ envelope: { data: unknown } }>(
    'select envelope from analytics.outbox order by id desc limit 1',
  );
  return auditEntryRecorded.schema.parse(row?.envelope.data).changes;
}

const added = async (title: string): Promise<string> => {
  const id = newId('doc');
  await database.inTenant(tenantId, (unit) => insertRow(unit, NoteEntity, { id, tenantId, title, version: 1 }));
  return id;
};
const told = (...changes: object[]) => ({ tooLarge: false, count: changes.length, changes });

describe('an audit entry', () => {
  it('tells what a row holds that was made, by its columns alone', async () => {
    const id = newId('doc');
    const row = { id, tenantId, title: 'made', version: 1 };
    const changes = await audited(id, (unit) => insertRow(unit, NoteEntity, row));
    expect(changes).toEqual(told({ path: '/title', kind: 'added', after: 'made', redacted: false }));
  });

  it('tells before and after of a change, whether or not the row was locked first, and of all changes together', async () => {
    const id = await added('one');
    const rename = (unit: UnitOfWork, expectedVersion: number, title: string) =>
      updateVersioned(unit, NoteEntity, { id, expectedVersion, set: { title } });
    expect(await audited(id, (unit) => rename(unit, 1, 'two'))).toEqual(
      told({ path: '/title', kind: 'changed', before: 'one', after: 'two', redacted: false }),
    );
    const changes = await audited(id, async (unit) => {
      await getForChange(unit, NoteEntity, id);
      await rename(unit, 2, 'three');
      await getForChange(unit, NoteEntity, id);
      await rename(unit, 3, 'four');
    });
    expect(changes).toEqual(told({ path: '/title', kind: 'changed', before: 'two', after: 'four', redacted: false }));
  });

  it('tells what was removed', async () => {
    const id = await added('gone');
    const changes = await audited(id, (unit) => deleteVersioned(unit, NoteEntity, { id, expectedVersion: 1 }));
    expect(changes).toEqual(told({ path: '/title', kind: 'removed', before: 'gone', redacted: false }));
  });

  it('tells no change where nothing was changed, or it is about another object', async () => {
    const id = await added('same');
    expect(await audited(id, (unit) => getForChange(unit, NoteEntity, id))).toBeUndefined();
    const work = (unit: UnitOfWork) =>
      updateVersioned(unit, NoteEntity, { id, expectedVersion: 1, set: { title: 'x' } });
    expect(await audited('other', work)).toBeUndefined();
  });

  it('tells what was noted beside the row, under one entry', async () => {
    const id = await added('noted');
    const changes = await audited(id, async (unit) => {
      unit.noteChange(id, { before: { terms: { calls: 1 } }, after: { terms: { calls: 2 } } });
      await updateVersioned(unit, NoteEntity, { id, expectedVersion: 1, set: { title: 'noted, too' } });
    });
    expect(changes?.changes.map(({ path }) => path).sort()).toEqual(['/terms/calls', '/title']);
  });
});
