import { newId } from '@tollgate/contracts';
import { permissions } from '@tollgate/contracts/auth';
import type { AccessToken, IssuedAccessToken, ServiceAccount } from '@tollgate/contracts/rest/iam';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
  [owner, stranger] = await Promise.all([iam.anybody.signUp(), iam.anybody.signUp()]);
});
afterAll(() => iam.close());

const refused = { definition: { status: 401 } };

describe('a personal access token', () => {
  const create = async (body: object): Promise<IssuedAccessToken> => {
    const answer = await owner.post<IssuedAccessToken>('/api/v1/tokens', { name: 'ci', ...body });
    expect(answer.status).toBe(201);
    return answer.body;
  };

  it('may do what it says and nothing else', async () => {
    const { token } = await create({ permissions: ['projects.read'] });
    const program = owner.as(token);
    expect((await program.get('/api/v1/projects')).status).toBe(200);
    expect((await program.post('/api/v1/projects', { name: 'Nope' })).status).toBe(403);
    expect((await program.get('/api/v1/members')).status).toBe(403);
  });

  it('is shown once, stored as a hash and told apart by its end', async () => {
    const { token, id, hint } = await create({ permissions: ['projects.read'] });
    expect(token).toMatch(/^tg_pat_/);
    expect(token.endsWith(hint)).toBe(true);
    const listed = await owner.get<{ items: AccessToken[] }>('/api/v1/tokens?limit=200');
    expect(listed.body.items.find((item) => item.id === id)).not.toHaveProperty('token');
    const rows = await iam.database.query('select t::text as row from iam.access_tokens t');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('stops at once when it is revoked, also where it was exchanged already', async () => {
    const { token, id } = await create({ permissions: ['projects.read'] });
    const { token: internal } = await iam.edge.exchange(token);
    expect((await owner.delete(`/api/v1/tokens/${id}`)).status).toBe(204);
    expect((await iam.edge.sendAs(internal, 'GET', '/api/v1/projects')).status).toBe(401);
    await expect(iam.edge.exchange(token)).rejects.toMatchObject(refused);
    expect((await owner.delete(`/api/v1/tokens/${id}`)).status).toBe(404);
  });

  it('stops when its time is over', async () => {
    const { token, id } = await create({ permissions: ['projects.read'], expiresInDays: 1 });
    await iam.database.query('update iam.access_tokens set expires_at = now() where id = $1', [id]);
    await expect(iam.edge.exchange(token)).rejects.toMatchObject(refused);
  });

  it('remembers when it was used', async () => {
    const { token, id } = await create({ permissions: ['projects.read'] });
    await iam.edge.exchange(token);
    const listed = await owner.get<{ items: AccessToken[] }>('/api/v1/tokens?limit=200');
    expect(listed.body.items.find((item) => item.id === id)?.lastUsedAt).not.toBeNull();
  });

  it('makes no token that may do more than itself', async () => {
    const { token } = await create({ permissions: ['tokens.write', 'projects.read'] });
    const body = { name: 'more', permissions: ['projects.write'] };
    const answer = await owner.as(token).post('/api/v1/tokens', body);
    expect([answer.status, answer.body['code']]).toEqual([403, 'auth.beyond_own_rights']);
  });

  it('of another person is as unknown as one that does not exist', async () => {
    const { id } = await create({ permissions: ['projects.read'] });
    const answers = await Promise.all([id, newId('tok')].map((each) => stranger.delete(`/api/v1/tokens/${each}`)));
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual(
      answers.map(() => [404, 'resource.not_found']),
    );
  });

  it.each([
    { permissions: [] },
    { permissions: ['no.such'] },
    { permissions: ['operator.read'] },
    { permissions: ['projects.read', 'projects.read'] },
    { permissions: ['projects.read'], expiresInDays: 0 },
    { permissions: ['projects.read'], expiresInDays: 367 },
  ])('is refused with 400 as %j', async (body) => {
    expect((await owner.post('/api/v1/tokens', { name: 'ci', ...body })).status).toBe(400);
  });

  it.each([
    ['GET', '/api/v1/me/sessions', undefined],
    ['GET', '/api/v1/me/personal-data', undefined],
    ['DELETE', `/api/v1/me/sessions/${newId('ses')}`, undefined],
    ['PATCH', '/api/v1/me', { name: 'Program' }],
    ['POST', '/api/v1/me/password', { currentPassword: 'x', newPassword: 'long enough for one' }],
    ['POST', '/api/v1/me/erase', { password: 'x' }],
    ['POST', '/api/v1/auth/logout', undefined],
    ['POST', '/api/v1/auth/switch-tenant', { tenantId: newId('tnt') }],
  ])('whatever it may do, is refused what needs a session: %s %s', async (method, path, body) => {
    const all = Object.keys(permissions).filter((permission) => !permission.startsWith('operator.'));
    const { token } = await create({ permissions: all });
    const answer = await owner.as(token).send(method, path, body === undefined ? {} : { body });
    expect(answer.status).toBe(403);
  });
});

describe('a service account', () => {
  const create = async (body: object = {}): Promise<ServiceAccount> => {
    const answer = await owner.post<ServiceAccount>('/api/v1/service-accounts', {
      name: newId('sva'),
      permissions: ['projects.read', 'projects.write'],
      ...body,
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const issue = (id: string, permissions: string[]) =>
    owner.post<IssuedAccessToken>(`/api/v1/service-accounts/${id}/tokens`, { name: 'deploy', permissions });

  it('acts in its organisation with its tokens', async () => {
    const account = await create();
    const { body } = await issue(account.id, ['projects.read']);
    expect(body.token).toMatch(/^tg_sva_/);
    const me = await owner.as(body.token).get('/api/v1/me');
    expect(me.body).toMatchObject({
      kind: 'service-account',
      id: account.id,
      tenant: { id: owner.tenantId },
      role: null,
    });
    expect((await owner.as(body.token).get('/api/v1/me/sessions')).status).toBe(403);
    expect((await owner.as(body.token).post('/api/v1/projects', { name: 'Nope' })).status).toBe(403);
  });

  it('loses rights with its tokens when it is changed', async () => {
    const account = await create();
    const { body } = await issue(account.id, ['projects.read', 'projects.write']);
    const changed = await owner.patch(`/api/v1/service-accounts/${account.id}`, { permissions: ['projects.read'] }, 1);
    expect(changed.status).toBe(200);
    expect((await iam.edge.exchange(body.token)).principal.permissions).toEqual(['projects.read']);
  });

  it('is gone with its tokens when it is deleted', async () => {
    const account = await create();
    const { body } = await issue(account.id, ['projects.read']);
    expect((await owner.delete(`/api/v1/service-accounts/${account.id}`)).status).toBe(428);
    expect((await owner.delete(`/api/v1/service-accounts/${account.id}`, 7)).status).toBe(412);
    expect((await owner.delete(`/api/v1/service-accounts/${account.id}`, 1)).status).toBe(204);
    await expect(iam.edge.exchange(body.token)).rejects.toMatchObject(refused);
    expect((await owner.get(`/api/v1/service-accounts/${account.id}`)).status).toBe(404);
  });

  it('loses one token when that is revoked', async () => {
    const account = await create();
    const [one, other] = [await issue(account.id, ['projects.read']), await issue(account.id, ['projects.read'])];
    const revoked = await owner.delete(`/api/v1/service-accounts/${account.id}/tokens/${one.body.id}`);
    expect(revoked.status).toBe(204);
    await expect(iam.edge.exchange(one.body.token)).rejects.toMatchObject(refused);
    expect((await iam.edge.exchange(other.body.token)).principal.id).toBe(account.id);
    const listed = await owner.get<{ items: AccessToken[] }>(`/api/v1/service-accounts/${account.id}/tokens`);
    expect(listed.body.items.map(({ id }) => id)).toEqual([other.body.id]);
  });

  it('has tokens with its own permissions only', async () => {
    const account = await create({ permissions: ['projects.read'] });
    expect((await issue(account.id, ['projects.write'])).status).toBe(403);
  });

  it('has a name of its own', async () => {
    const { name } = await create();
    const taken = await owner.post('/api/v1/service-accounts', { name, permissions: ['projects.read'] });
    expect([taken.status, taken.body['code']]).toEqual([409, 'name.taken']);
  });

  it('of another organisation is as unknown as one that does not exist', async () => {
    const account = await create();
    for (const id of [account.id, newId('sva')]) {
      const at = `/api/v1/service-accounts/${id}`;
      const answers = await Promise.all([
        stranger.get(at),
        stranger.patch(at, { name: 'mine' }, 1),
        stranger.delete(at, 1),
        stranger.get(`${at}/tokens`),
        stranger.post(`${at}/tokens`, { name: 'mine', permissions: ['projects.read'] }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    }
  });
});
