import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { AuditLogEntry, AuditVerification } from '@tollgate/contracts/rest/iam';
import { EventPublisher } from '@tollgate/messaging';
import { importJWK, type JWK, jwtVerify } from 'jose';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

const withinMs = 15_000;
const read = async (caller: Caller, query = ''): Promise<AuditLogEntry[]> =>
  (await caller.get<{ items: AuditLogEntry[] }>(`/api/v1/audit-entries${query}`)).body.items;
const verify = async (caller: Caller): Promise<AuditVerification> =>
  (await caller.get<AuditVerification>('/api/v1/audit-entries/verification')).body;

/** An organisation whose log holds a sign-up and three projects. */
async function ownerWithLog(): Promise<Caller> {
  const owner = await iam.anybody.signUp();
  for (const name of ['One', 'Two', 'Three']) await owner.post('/api/v1/projects', { name });
  await eventually(async () => expect(await read(owner)).toHaveLength(4), { withinMs });
  return owner;
}

describe('the audit log', () => {
  it('tells every change, newest first, with who did it', async () => {
    const owner = await ownerWithLog();
    const entries = await read(owner);
    expect(entries.map(({ sequence, action }) => [sequence, action])).toEqual([
      [4, 'iam.project.create'],
      [3, 'iam.project.create'],
      [2, 'iam.project.create'],
      [1, 'iam.tenant.create'],
    ]);
    const actor = { kind: 'user', id: owner.session?.userId, name: owner.person?.name };
    expect(entries[0]).toMatchObject({
      source: '/tollgate/iam',
      actor,
      details: { name: 'Three' },
      address: '127.0.0.1',
    });
    expect(await verify(owner)).toMatchObject({ intact: true, entries: 4, brokenAt: null, headHash: entries[0]?.hash });
  });

  it('is filtered by action and object', async () => {
    const owner = await ownerWithLog();
    const [newest] = await read(owner);
    expect(await read(owner, `?objectId=${newest?.object.id}`)).toEqual([newest]);
    expect(await read(owner, '?action=iam.tenant.create')).toHaveLength(1);
    expect(await read(owner, `?to=${new Date(0).toISOString()}`)).toEqual([]);
  });

  it('tells what became of the object, and is read by its kind', async () => {
    const owner = await ownerWithLog();
    const [project] = (await owner.get<{ items: { id: string }[] }>('/api/v1/projects?limit=1')).body.items;
    await owner.patch(`/api/v1/projects/${project?.id}`, { description: 'all of it' }, 1);
    await eventually(async () => expect(await read(owner)).toHaveLength(5), { withinMs });
    const [updated, created, ...rest] = await read(owner, '?objectKind=project');
    expect([rest.length, await read(owner, '?objectKind=nothing')]).toEqual([2, []]);
    expect(updated?.changes).toEqual({
      tooLarge: false,
      count: 1,
      changes: [{ path: '/description', kind: 'changed', before: '', after: 'all of it', redacted: false }],
    });
    expect(created?.changes?.changes).toContainEqual({ path: '/name', kind: 'added', after: 'Three', redacted: false });
    expect(await verify(owner)).toMatchObject({ intact: true, entries: 5 });
  });

  it('is read page by page, and a made-up cursor is refused with 400', async () => {
    const owner = await ownerWithLog();
    const first = await owner.get<{ items: AuditLogEntry[]; nextCursor: string }>('/api/v1/audit-entries?limit=3');
    const second = await read(owner, `?limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second].map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
    for (const key of ['x', '1.5', '9'.repeat(30), 7, '']) {
      const cursor = Buffer.from(JSON.stringify([key])).toString('base64url');
      expect((await owner.get(`/api/v1/audit-entries?cursor=${cursor}`)).status, String(key)).toBe(400);
    }
  });

  it('shows nothing of other organisations', async () => {
    const [owner, stranger] = [await ownerWithLog(), await ownerWithLog()];
    const ids = new Set((await read(owner)).map(({ object }) => object.id));
    expect((await read(stranger)).filter(({ object }) => ids.has(object.id))).toEqual([]);
  });

  it('has an entry once however often its event is delivered', async () => {
    const owner = await ownerWithLog();
    const event = auditEntryRecorded.create({
      subject: 'prj_1',
      tenantId: owner.tenantId,
      partitionKey: owner.tenantId,
      data: {
        action: 'iam.sample.repeat',
        actor: { kind: 'user', id: 'usr_1' },
        object: { kind: 'project', id: 'prj_1' },
        details: {},
      },
    });
    const last = auditEntryRecorded.create({
      subject: 'prj_1',
      tenantId: owner.tenantId,
      partitionKey: owner.tenantId,
      data: {
        action: 'iam.sample.last',
        actor: { kind: 'user', id: 'usr_1' },
        object: { kind: 'project', id: 'prj_1' },
        details: {},
      },
    });
    await iam.service.app.get(EventPublisher, { strict: false }).publish([event, event, event, last]);
    await eventually(async () => expect((await read(owner))[0]?.action).toBe('iam.sample.last'), { withinMs });
    expect(await read(owner, '?action=iam.sample.repeat')).toHaveLength(1);
    expect(await verify(owner)).toMatchObject({ intact: true, entries: 6 });
  });

  it.each([
    [
      'a changed entry',
      `update iam.audit_entries set action = 'iam.nothing.happened' where tenant_id = $1 and sequence = 2`,
      2,
    ],
    [
      'a changed detail',
      `update iam.audit_entries set details = '{"name":"Other"}' where tenant_id = $1 and sequence = 3`,
      3,
    ],
    [
      'a changed change',
      `update iam.audit_entries set changes = '{"tooLarge":true,"count":1,"changes":[]}' where tenant_id = $1 and sequence = 4`,
      4,
    ],
    ['a removed entry', 'delete from iam.audit_entries where tenant_id = $1 and sequence = 3', 3],
    ['a cut-off end', 'delete from iam.audit_entries where tenant_id = $1 and sequence = 4', 4],
    [
      'changed personal data',
      `update iam.audit_personal set actor_name = 'Somebody else' where tenant_id = $1 and sequence = 2`,
      2,
    ],
  ])('finds %s', async (_what, tamper, brokenAt) => {
    const owner = await ownerWithLog();
    await iam.database.query(tamper, [owner.tenantId]);
    expect(await verify(owner)).toMatchObject({ intact: false, brokenAt });
  });

  it('can be held against a signed statement of an earlier time', async () => {
    const owner = await ownerWithLog();
    const checkpoint = await owner.get<{ sequence: number; hash: string; statement: string; publicKey: JWK }>(
      '/api/v1/audit-entries/checkpoint',
    );
    const { statement, publicKey } = checkpoint.body;
    const { payload } = await jwtVerify(statement, await importJWK(publicKey, 'EdDSA'));
    const [newest] = await read(owner);
    expect(payload).toMatchObject({ sub: owner.tenantId, sequence: 4, hash: newest?.hash });
    expect(publicKey).not.toHaveProperty('d');
  });

  it('stays intact when personal data is erased', async () => {
    const owner = await ownerWithLog();
    await iam.database.query('delete from iam.audit_personal where actor_id = $1', [owner.session?.userId]);
    expect(await verify(owner)).toMatchObject({ intact: true, entries: 4 });
    expect((await read(owner))[0]).toMatchObject({ actor: { name: null }, address: null });
  });

  it('holds no secret', async () => {
    const owner = await ownerWithLog();
    const issued = await owner.post<{ token: string }>('/api/v1/tokens', {
      name: newId('tok'),
      permissions: ['config.read'],
    });
    await eventually(async () => expect(await read(owner)).toHaveLength(5), { withinMs });
    const rows = await iam.database.query('select e::text as row from iam.audit_entries e');
    expect(JSON.stringify(rows)).not.toContain(issued.body.token);
    expect(JSON.stringify(rows)).not.toContain(owner.person?.password);
  });
});
