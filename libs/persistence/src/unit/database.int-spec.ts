import { defineEvent, environmentCreated } from '@tollgate/contracts/events';
import { newId } from '@tollgate/contracts';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { outboxChannel } from '../schema/platform-tables.ts';
import { NoteEntity, sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import { maxEventBytes } from './unit-of-work.ts';

const happened = defineEvent({
  type: 'analytics.sample.happened.v1',
  topic: 'tollgate.analytics.sample',
  description: 'Something happened in a suite.',
  data: z.object({ what: z.string() }),
});

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  database = await test.connect(sampleSchema);
});
afterAll(() => test.drop());

async function addNote(tenantId: string, title: string): Promise<string> {
  const id = newId('doc');
  await database.inTenant(tenantId, ({ manager }) => manager.insert(NoteEntity, { id, tenantId, title, version: 1 }));
  return id;
}

describe('a unit of work of a tenant', () => {
  it('sees its own rows and none of another tenant, whichever way it asks', async () => {
    const [mine, theirs] = [newId('tnt'), newId('tnt')];
    await addNote(mine, 'mine');
    const foreign = await addNote(theirs, 'theirs');
    await database.inTenant(mine, async ({ manager }) => {
      expect((await manager.find(NoteEntity)).map((note) => note.title)).toEqual(['mine']);
      expect(await manager.findOneBy(NoteEntity, { id: foreign })).toBeNull();
      expect((await manager.update(NoteEntity, { id: foreign }, { title: 'taken over' })).affected).toBe(0);
      expect((await manager.delete(NoteEntity, { id: foreign })).affected).toBe(0);
      expect(
        await manager.query('select count(*)::int as n from analytics.notes where tenant_id = $1', [theirs]),
      ).toEqual([{ n: 0 }]);
    });
  });

  it('cannot write a row of another tenant', async () => {
    const [mine, theirs] = [newId('tnt'), newId('tnt')];
    const id = await addNote(mine, 'mine');
    await expect(
      database.inTenant(mine, ({ manager }) =>
        manager.insert(NoteEntity, { id: newId('doc'), tenantId: theirs, title: 'planted', version: 1 }),
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      database.inTenant(mine, ({ manager }) => manager.update(NoteEntity, { id }, { tenantId: theirs })),
    ).rejects.toThrow(/row-level security/);
  });

  it('leaves nothing behind when its work fails', async () => {
    const tenantId = newId('tnt');
    await expect(
      database.inTenant(tenantId, async (unit) => {
        await unit.manager.insert(NoteEntity, { id: newId('doc'), tenantId, title: 'half', version: 1 });
        await unit.emit(happened.create({ subject: 'x', tenantId, data: { what: 'half' } }));
        throw new Error('after all not');
      }),
    ).rejects.toThrow('after all not');
    expect(await test.query('select 1 from analytics.notes where tenant_id = $1', [tenantId])).toEqual([]);
    expect(await test.query('select 1 from analytics.outbox where tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('of a dry run gives its result and leaves nothing behind', async () => {
    const tenantId = newId('tnt');
    const result = await database.inTenant(
      tenantId,
      async (unit) => {
        await unit.manager.insert(NoteEntity, { id: newId('doc'), tenantId, title: 'tried', version: 1 });
        return unit.manager.countBy(NoteEntity, {});
      },
      { dryRun: true },
    );
    expect(result).toBe(1);
    expect(await test.query('select 1 from analytics.notes where tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('keeps 100 tenants apart on four connections at once', async () => {
    const tenants = Array.from({ length: 100 }, () => newId('tnt'));
    await Promise.all(tenants.map((tenantId) => addNote(tenantId, tenantId)));
    const seen = await Promise.all(
      tenants.map((tenantId) =>
        database.inTenant(tenantId, async ({ manager }) => (await manager.find(NoteEntity)).map((note) => note.title)),
      ),
    );
    expect(seen).toEqual(tenants.map((tenantId) => [tenantId]));
  });

  it('cannot read the outbox or touch what only the system role may', async () => {
    for (const sql of [
      'select * from outbox',
      'delete from outbox',
      'select * from idempotency_keys',
      `insert into names values ('x')`,
    ]) {
      await expect(
        database.inTenant(newId('tnt'), ({ manager }) => manager.query(sql)),
        sql,
      ).rejects.toThrow(/permission denied/);
    }
  });

  it('runs again when PostgreSQL ends a deadlock with another one', async () => {
    const tenantId = newId('tnt');
    const [left, right] = [await addNote(tenantId, 'left'), await addNote(tenantId, 'right')];
    const haveBothFirst = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let attempts = 0;
    const swap = (turn: number, first: string, second: string) =>
      database.inTenant(tenantId, async ({ manager }) => {
        attempts += 1;
        await manager.increment(NoteEntity, { id: first }, 'version', 1);
        haveBothFirst[turn]?.resolve();
        await haveBothFirst[1 - turn]?.promise;
        await manager.increment(NoteEntity, { id: second }, 'version', 1);
      });
    await Promise.all([swap(0, left, right), swap(1, right, left)]);
    // Of two that wait for each other PostgreSQL ends one, or both when their timers end together.
    expect(attempts).toBeGreaterThan(2);
    const notes = await test.query('select version from analytics.notes where tenant_id = $1', [tenantId]);
    expect(notes).toEqual([{ version: 3 }, { version: 3 }]);
  });

  it('is refused without the id of a tenant', async () => {
    await expect(database.inTenant('', async () => 'ran')).rejects.toThrow(/id of a tenant/);
  });

  it('is refused inside another unit, and allowed after it', async () => {
    const tenantId = newId('tnt');
    await expect(database.inTenant(tenantId, () => database.inTenant(tenantId, async () => 'inner'))).rejects.toThrow(
      /open already/,
    );
    expect(await database.inTenant(tenantId, async () => 'next')).toBe('next');
  });
});

describe('outside a unit of work', () => {
  it('a query has no right at all, also right after a unit on the same connection', async () => {
    await addNote(newId('tnt'), 'hidden');
    for (let connection = 0; connection < 4; connection += 1) {
      await expect(database.dataSource.query('select * from analytics.notes')).rejects.toThrow(/permission denied/);
    }
  });
});

describe('a system unit of work', () => {
  it('sees all tenants in the tables that are listed, and nothing in the others', async () => {
    const tenantId = newId('tnt');
    await addNote(tenantId, 'counted');
    await test.query('insert into analytics.secrets values ($1, $2)', [newId('doc'), tenantId]);
    const count = await database.inSystem('count-notes', ({ manager }) => manager.countBy(NoteEntity, { tenantId }));
    expect(count).toBe(1);
    await expect(
      database.inSystem('count-notes', ({ manager }) => manager.query('select * from analytics.secrets')),
    ).rejects.toThrow(/permission denied/);
  });

  it('is refused for a purpose that the service did not declare', async () => {
    await expect(database.inSystem('curiosity', async () => 'ran')).rejects.toThrow(/not declared/);
    await expect(database.inSystem('constructor', async () => 'ran')).rejects.toThrow(/not declared/);
  });
});

describe('events', () => {
  interface OutboxRow {
    topic: string;
    partition_key: string;
    envelope: { type: string; data: unknown; traceparent?: string };
  }

  it('are in the outbox once their unit committed, in the order they were emitted', async () => {
    const tenantId = newId('tnt');
    await database.inTenant(tenantId, async (unit) => {
      await unit.emit(happened.create({ subject: 'a', tenantId, data: { what: 'first' } }));
      await unit.emit(happened.create({ subject: 'b', tenantId, partitionKey: 'k', data: { what: 'second' } }));
    });
    const rows = await test.query<OutboxRow>('select * from analytics.outbox where tenant_id = $1 order by id', [
      tenantId,
    ]);
    expect(rows.map((row) => [row.topic, row.partition_key, row.envelope.data])).toEqual([
      ['tollgate.analytics.sample', 'a', { what: 'first' }],
      ['tollgate.analytics.sample', 'k', { what: 'second' }],
    ]);
  });

  it('wake a listener when their unit commits', async () => {
    const listener = new Client({ connectionString: test.urlOf(sampleSchema) });
    await listener.connect();
    try {
      await listener.query(`listen ${outboxChannel('analytics')}`);
      const woken = new Promise((resolve) => listener.once('notification', resolve));
      const tenantId = newId('tnt');
      await database.inTenant(tenantId, (unit) =>
        unit.emit(happened.create({ subject: 'a', tenantId, data: { what: 'now' } })),
      );
      expect(await woken).toMatchObject({ channel: outboxChannel('analytics') });
    } finally {
      await listener.end();
    }
  });

  it('of another tenant are refused', async () => {
    const foreign = environmentCreated.create({
      subject: newId('env'),
      tenantId: newId('tnt'),
      data: { environmentId: newId('env'), projectId: newId('prj'), name: 'dev', projectName: 'shop' },
    });
    await expect(database.inTenant(newId('tnt'), (unit) => unit.emit(foreign))).rejects.toThrow(/another tenant/);
  });

  it('as large as the bound are taken, larger ones are refused and undo their unit', async () => {
    const tenantId = newId('tnt');
    const ofBytes = (bytes: number) => {
      const sized = happened.create({ subject: 'x', tenantId, data: { what: '' } });
      const rest = bytes - Buffer.byteLength(JSON.stringify(sized.envelope));
      return { ...sized, envelope: { ...sized.envelope, data: { what: 'ü'.repeat(rest / 2) + 'x'.repeat(rest % 2) } } };
    };
    await database.inTenant(tenantId, (unit) => unit.emit(ofBytes(maxEventBytes)));
    await expect(
      database.inTenant(tenantId, async (unit) => {
        await unit.manager.insert(NoteEntity, { id: newId('doc'), tenantId, title: 'too much', version: 1 });
        await unit.emit(ofBytes(maxEventBytes + 1));
      }),
    ).rejects.toThrow(`analytics.sample.happened.v1 of x has ${maxEventBytes + 1} bytes`);
    expect(await test.query('select 1 from analytics.notes where tenant_id = $1', [tenantId])).toEqual([]);
    expect(await test.query('select 1 from analytics.outbox where tenant_id = $1', [tenantId])).toHaveLength(1);
  });

  it('that report a change for the audit log are keyed by tenant and name the service', async () => {
    const tenantId = newId('tnt');
    await database.inTenant(tenantId, (unit) =>
      unit.audit({
        action: 'iam.project.create',
        actor: { kind: 'user', id: 'usr_1' },
        object: { kind: 'project', id: 'prj_1' },
        details: {},
      }),
    );
    const [row] = await test.query<OutboxRow>('select * from analytics.outbox where tenant_id = $1', [tenantId]);
    expect(row).toMatchObject({
      topic: 'tollgate.audit.entry',
      partition_key: tenantId,
      envelope: { type: 'audit.entry.recorded.v1', source: '/tollgate/analytics' },
    });
  });
});
