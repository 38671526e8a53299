import type { PersonalData, Session } from '@tollgate/contracts/rest/iam';
import { newId } from '@tollgate/contracts';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

const logInAgain = (owner: Caller) => owner.logIn(owner.person ?? { email: '', password: '' });
const refused = { definition: { status: 401 } };

describe('a person', () => {
  it('has another name from now on', async () => {
    const owner = await iam.anybody.signUp();
    expect((await owner.patch('/api/v1/me', { name: 'New Name' })).body).toMatchObject({ name: 'New Name' });
    expect((await owner.get('/api/v1/me')).body).toMatchObject({ name: 'New Name' });
    expect((await owner.patch('/api/v1/me', { name: '' })).status).toBe(400);
  });

  it('sees and ends the own sessions, and nobody else’s', async () => {
    const [owner, stranger] = [await iam.anybody.signUp(), await iam.anybody.signUp()];
    const second = await logInAgain(owner);
    const listed = await owner.get<{ items: Session[] }>('/api/v1/me/sessions');
    expect(listed.body.items.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [second.session?.sessionId, false],
      [owner.session?.sessionId, true],
    ]);
    for (const id of [second.session?.sessionId, newId('ses')]) {
      expect((await stranger.delete(`/api/v1/me/sessions/${id}`)).status).toBe(404);
    }
    expect((await owner.delete(`/api/v1/me/sessions/${second.session?.sessionId}`)).status).toBe(204);
    await expect(iam.edge.exchange(second.credential ?? '')).rejects.toMatchObject(refused);
  });

  it('changes the password with the present one only, and keeps just this session', async () => {
    const owner = await iam.anybody.signUp();
    const second = await logInAgain(owner);
    const currentPassword = owner.person?.password ?? '';
    const newPassword = 'a better password now';
    const wrong = await owner.post('/api/v1/me/password', { currentPassword: 'not that one', newPassword });
    expect([wrong.status, wrong.body['code']]).toEqual([403, 'auth.wrong_password']);
    expect((await owner.post('/api/v1/me/password', { currentPassword, newPassword: 'short' })).status).toBe(400);
    expect((await owner.post('/api/v1/me/password', { currentPassword, newPassword })).status).toBe(204);
    await expect(iam.edge.exchange(second.credential ?? '')).rejects.toMatchObject(refused);
    expect((await owner.get('/api/v1/me')).status).toBe(200);
    expect((await owner.logIn({ email: owner.person?.email ?? '', password: newPassword })).credential).toBeTruthy();
  });

  it('gets all that is kept, and only the own', async () => {
    const owner = await iam.anybody.signUp();
    const read = async () => (await owner.get<PersonalData>('/api/v1/me/personal-data')).body;
    await eventually(async () => expect((await read()).auditLog).toHaveLength(1), { withinMs: 15_000 });
    expect(await read()).toMatchObject({
      user: { email: owner.person?.email },
      memberships: [{ tenantId: owner.tenantId, role: 'owner' }],
      sessions: [{ id: owner.session?.sessionId, address: '127.0.0.1' }],
      auditLog: [{ tenantId: owner.tenantId, name: owner.person?.name }],
    });
  });

  it('stays while an organisation would be left without an owner', async () => {
    const owner = await iam.anybody.signUp();
    const answer = await owner.post('/api/v1/me/erase', { password: owner.person?.password });
    expect([answer.status, answer.body['code']]).toEqual([409, 'member.last_owner']);
    expect((await owner.get('/api/v1/me')).status).toBe(200);
  });

  it('is erased: account, sessions and name are gone, the audit log stays intact', async () => {
    const [person, host] = [await iam.anybody.signUp(), await iam.anybody.signUp()];
    const { email = '', password = '', name = '' } = person.person ?? {};
    const verification = () => host.get('/api/v1/audit-entries/verification');
    await person.post('/api/v1/projects', { name: 'Mine' });
    await giveAway(person, host);
    expect((await person.post('/api/v1/me/erase', { password: 'not that one' })).status).toBe(403);
    expect((await person.post('/api/v1/me/erase', { password })).status).toBe(204);

    await expect(iam.edge.exchange(person.credential ?? '')).rejects.toMatchObject(refused);
    expect((await iam.anybody.post('/api/v1/auth/login', { email, password })).status).toBe(401);
    await host.post('/api/v1/auth/switch-tenant', { tenantId: person.tenantId });
    const last = `/api/v1/audit-entries?action=iam.user.erase`;
    await eventually(async () => expect((await host.get(last)).body['items']).toHaveLength(1), { withinMs: 15_000 });
    expect((await verification()).body).toMatchObject({ intact: true });
    for (const table of ['users', 'memberships', 'audit_personal', 'mails', 'invitations']) {
      const rows = await iam.database.query(`select t::text as row from iam.${table} t`);
      expect(JSON.stringify(rows), table).not.toMatch(new RegExp(`${email}|${name}|${person.session?.userId}`));
    }
  });

  async function giveAway(person: Caller, host: Caller): Promise<void> {
    await iam.database.query(
      `insert into iam.memberships (id, tenant_id, user_id, role) values ($1, $2, $3, 'owner')`,
      [newId('mem'), person.tenantId, host.session?.userId],
    );
  }
});
