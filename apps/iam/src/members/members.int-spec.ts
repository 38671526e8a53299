import { newId } from '@tollgate/contracts';
import type { Invitation, IssuedSession, Member } from '@tollgate/contracts/rest/iam';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

interface Mails {
  items: { id: string; subject: string }[];
}

async function invitationToken(email: string): Promise<string> {
  const operator = await iam.operator();
  const mails = await operator.get<Mails>(`/api/v1/operator/mails?to=${encodeURIComponent(email)}`);
  const mail = await operator.get<{ text: string; status: string }>(
    `/api/v1/operator/mails/${mails.body.items[0]?.id}`,
  );
  expect(mail.body.status).toBe('captured');
  return /token=(tg_inv_[\w-]+)/.exec(mail.body.text)?.[1] ?? '';
}

async function invite(owner: Caller, role: string, email = `${newId('usr')}@example.org`): Promise<string> {
  const answer = await owner.post<Invitation>('/api/v1/invitations', { email, role });
  expect(answer.status).toBe(201);
  return email;
}

async function join(owner: Caller, role: string): Promise<Caller & { memberId: string }> {
  const email = await invite(owner, role);
  const body = { token: await invitationToken(email), name: `The ${role}`, password: 'a password of mine' };
  const answer = await iam.anybody.post<IssuedSession>('/api/v1/auth/accept-invitation', body);
  expect(answer.status).toBe(200);
  const members = await owner.get<{ items: Member[] }>('/api/v1/members?limit=200');
  const memberId = members.body.items.find((member) => member.email === email)?.id ?? '';
  return Object.assign(owner.as(answer.body.token), { memberId });
}

describe('the list of members', () => {
  it('is searched by name and mail address, in any case', async () => {
    const owner = await iam.anybody.signUp();
    const editor = await join(owner, 'editor');
    const found = async (text: string) => {
      const path = `/api/v1/members?search=${encodeURIComponent(text)}`;
      return (await owner.get<{ items: Member[] }>(path)).body.items.map(({ id }) => id);
    };
    expect(await found('the EDITOR')).toEqual([editor.memberId]);
    expect(await found('@EXAMPLE.')).toContain(editor.memberId);
    expect(await found('nobody%')).toEqual([]);
    expect((await owner.get('/api/v1/members?search=')).status).toBe(400);
  });
});

describe('an invitation', () => {
  it('lets a new person in with the role, once', async () => {
    const owner = await iam.anybody.signUp();
    const email = await invite(owner, 'editor');
    const body = { token: await invitationToken(email), name: 'Eve Editor', password: 'a password of mine' };
    const accepted = await iam.anybody.post<IssuedSession>('/api/v1/auth/accept-invitation', body);
    expect(accepted.status).toBe(200);
    const me = await owner.as(accepted.body.token).get('/api/v1/me');
    expect(me.body).toMatchObject({ email, role: 'editor', tenant: { id: owner.tenantId } });
    const again = await iam.anybody.post('/api/v1/auth/accept-invitation', body);
    expect([again.status, again.body['code']]).toEqual([404, 'invitation.gone']);
    const listed = await owner.get<{ items: Invitation[] }>('/api/v1/invitations');
    expect(listed.body.items[0]).toMatchObject({ email, status: 'accepted' });
  });

  it('lets somebody who has an account in with their own password only', async () => {
    const owner = await iam.anybody.signUp();
    const guest = await iam.anybody.signUp();
    const { email = '', password = '' } = guest.person ?? {};
    await invite(owner, 'viewer', email);
    const token = await invitationToken(email);
    const wrong = await iam.anybody.post('/api/v1/auth/accept-invitation', { token, password: 'not the password' });
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'auth.bad_credentials']);
    expect((await iam.anybody.post('/api/v1/auth/accept-invitation', { token, password })).status).toBe(200);

    expect((await guest.post('/api/v1/auth/switch-tenant', { tenantId: owner.tenantId })).status).toBe(204);
    const me = await guest.get('/api/v1/me');
    expect(me.body).toMatchObject({ role: 'viewer', tenant: { id: owner.tenantId } });
    expect(me.body['memberships']).toHaveLength(2);
    const elsewhere = await iam.anybody.signUp();
    expect((await guest.post('/api/v1/auth/switch-tenant', { tenantId: elsewhere.tenantId })).status).toBe(404);
  });

  it('is worth nothing once revoked, replaced or expired', async () => {
    const owner = await iam.anybody.signUp();
    const email = await invite(owner, 'viewer');
    const replaced = await invitationToken(email);
    const second = await owner.post<Invitation>('/api/v1/invitations', { email, role: 'viewer' });
    const revoked = await invitationToken(email);
    expect((await owner.delete(`/api/v1/invitations/${second.body.id}`)).status).toBe(204);
    expect((await owner.delete(`/api/v1/invitations/${second.body.id}`)).status).toBe(404);
    await invite(owner, 'viewer', email);
    const expired = await invitationToken(email);
    await iam.database.query(`update iam.invitations set expires_at = now() where email = $1`, [email]);
    for (const token of [replaced, revoked, expired, 'nonsense']) {
      const body = { token, name: 'Late', password: 'a password of mine' };
      expect((await iam.anybody.post('/api/v1/auth/accept-invitation', body)).status).toBe(404);
    }
  });

  it('lets one of two in who accept it at once', async () => {
    const owner = await iam.anybody.signUp();
    const email = await invite(owner, 'viewer');
    const body = { token: await invitationToken(email), name: 'Twice', password: 'a password of mine' };
    const answers = await Promise.all([1, 2].map(() => iam.anybody.post('/api/v1/auth/accept-invitation', body)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  });

  it('is not made for a member', async () => {
    const owner = await iam.anybody.signUp();
    const again = await owner.post('/api/v1/invitations', { email: owner.person?.email, role: 'viewer' });
    expect([again.status, again.body['code']]).toEqual([409, 'member.exists']);
  });

  it('keeps its token out of the database', async () => {
    const owner = await iam.anybody.signUp();
    const email = await invite(owner, 'viewer');
    const token = await invitationToken(email);
    const rows = await iam.database.query(
      `select i::text as row from iam.invitations i union all select m::text from iam.mails m
       union all select o::text from iam.outbox o`,
    );
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('members', () => {
  it('see each other, and nobody of another organisation', async () => {
    const owner = await iam.anybody.signUp();
    const editor = await join(owner, 'editor');
    const stranger = await iam.anybody.signUp();
    const seen = await editor.get<{ items: Member[] }>('/api/v1/members');
    expect(seen.body.items.map(({ role }) => role)).toEqual(['owner', 'editor']);
    expect((await stranger.get<{ items: Member[] }>('/api/v1/members')).body.items).toHaveLength(1);
    const [foreign, unknown] = await Promise.all([
      stranger.get(`/api/v1/members/${editor.memberId}`),
      stranger.get(`/api/v1/members/${newId('mem')}`),
    ]);
    expect([foreign.status, foreign.body['code']]).toEqual([unknown.status, unknown.body['code']]);
  });

  it.each([
    ['viewer', 'GET', '/api/v1/audit-entries'],
    ['viewer', 'POST', '/api/v1/projects'],
    ['editor', 'POST', '/api/v1/invitations'],
    ['admin', 'PATCH', '/api/v1/tenant'],
  ])('with the role %s get 403 from %s %s', async (role, method, path) => {
    const owner = await iam.anybody.signUp();
    const member = await join(owner, role);
    expect((await member.send(method, path, method === 'GET' ? {} : { body: {}, version: 1 })).status).toBe(403);
  });

  it('lose their sessions here when the role changes, and have the new one after logging in', async () => {
    const owner = await iam.anybody.signUp();
    const member = await join(owner, 'viewer');
    const changed = await owner.patch<Member>(`/api/v1/members/${member.memberId}`, { role: 'admin' }, 1);
    expect([changed.status, changed.body.role, changed.body.version]).toEqual([200, 'admin', 2]);
    await expect(iam.edge.exchange(member.credential ?? '')).rejects.toMatchObject({ definition: { status: 401 } });
    const again = await iam.anybody.logIn({ email: changed.body.email, password: 'a password of mine' });
    expect((await again.get('/api/v1/me')).body['role']).toBe('admin');
  });

  it('that are removed lose sessions and access tokens at once', async () => {
    const owner = await iam.anybody.signUp();
    const member = await join(owner, 'editor');
    const token = await member.post<{ token: string }>('/api/v1/tokens', { name: 'ci', permissions: ['config.read'] });
    const { token: internal } = await iam.edge.exchange(token.body.token);
    expect((await owner.delete(`/api/v1/members/${member.memberId}`, 1)).status).toBe(204);
    for (const credential of [member.credential ?? '', token.body.token]) {
      await expect(iam.edge.exchange(credential)).rejects.toMatchObject({ definition: { status: 401 } });
    }
    expect((await iam.edge.sendAs(internal, 'GET', '/api/v1/me')).status).toBe(401);
    expect((await owner.get(`/api/v1/members/${member.memberId}`)).status).toBe(404);
  });

  it('never leave an organisation without an owner, also when two step down at once', async () => {
    const owner = await iam.anybody.signUp();
    const second = await join(owner, 'owner');
    const members = await owner.get<{ items: Member[] }>('/api/v1/members');
    const [first] = members.body.items;
    const answers = await Promise.all([
      owner.patch(`/api/v1/members/${first?.id}`, { role: 'viewer' }, 1),
      second.patch(`/api/v1/members/${second.memberId}`, { role: 'viewer' }, 1),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body['code']).toBe('member.last_owner');
  });

  it('cannot give or take what they do not have', async () => {
    const owner = await iam.anybody.signUp();
    const admin = await join(owner, 'admin');
    const viewer = await join(owner, 'viewer');
    const [first] = (await owner.get<{ items: Member[] }>('/api/v1/members')).body.items;
    const answers = await Promise.all([
      admin.post('/api/v1/invitations', { email: 'x@example.org', role: 'owner' }),
      admin.patch(`/api/v1/members/${viewer.memberId}`, { role: 'owner' }, 1),
      admin.patch(`/api/v1/members/${first?.id}`, { role: 'viewer' }, 1),
      admin.delete(`/api/v1/members/${first?.id}`, 1),
    ]);
    for (const { status, body } of answers) expect([status, body['code']]).toEqual([403, 'auth.beyond_own_rights']);
  });
});
