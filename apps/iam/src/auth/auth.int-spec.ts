import type { AuditLogEntry, IssuedSession } from '@tollgate/contracts/rest/iam';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

const organisation = (slug: string) => ({ name: 'Acme', slug });
const user = (email: string) => ({ name: 'Ann', email, password: 'a password of my own' });

describe('sign-up', () => {
  it('makes an organisation, its owner and a session at once', async () => {
    const owner = await iam.anybody.signUp();
    const me = await owner.get('/api/v1/me');
    expect(me.status).toBe(200);
    expect(me.body).toMatchObject({
      kind: 'user',
      email: owner.person?.email,
      role: 'owner',
      tenant: { slug: owner.person?.slug, status: 'active' },
      memberships: [{ role: 'owner' }],
    });
  });

  it('says of a taken slug or address only that it is taken', async () => {
    const { person } = await iam.anybody.signUp();
    const [sameSlug, sameEmail] = await Promise.all([
      iam.anybody.post('/api/v1/auth/sign-up', {
        organisation: organisation(person?.slug ?? ''),
        user: user('new@example.org'),
      }),
      iam.anybody.post('/api/v1/auth/sign-up', {
        organisation: organisation('another-slug'),
        user: user(person?.email ?? ''),
      }),
    ]);
    for (const [answer, pointer] of [
      [sameSlug, '/organisation/slug'],
      [sameEmail, '/user/email'],
    ] as const) {
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'name.taken', errors: [{ pointer, message: 'This is taken.' }] });
    }
    expect(await iam.database.query(`select 1 from iam.tenants where slug = 'another-slug'`)).toEqual([]);
  });

  it.each([
    [{ organisation: organisation('Upper'), user: user('a@example.org') }, '/organisation/slug'],
    [{ organisation: organisation('fine-slug'), user: user('no address') }, '/user/email'],
    [
      { organisation: organisation('fine-slug'), user: { ...user('a@example.org'), password: 'short' } },
      '/user/password',
    ],
    [{ organisation: organisation('fine-slug'), user: user('a@example.org'), extra: 1 }, '/extra'],
  ])('answers 400 and names the place', async (body, pointer) => {
    const answer = await iam.anybody.post('/api/v1/auth/sign-up', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ pointer }] });
  });
});

describe('log-in', () => {
  it('works with the address in any case, and not with another password', async () => {
    const { person } = await iam.anybody.signUp();
    const email = person?.email.toUpperCase();
    expect((await iam.anybody.post('/api/v1/auth/login', { email, password: person?.password })).status).toBe(200);
    expect((await iam.anybody.post('/api/v1/auth/login', { email, password: 'not that one' })).status).toBe(401);
  });

  it('answers alike for an unknown person, a wrong password and a foreign organisation', async () => {
    const { person } = await iam.anybody.signUp();
    const foreign = await iam.anybody.signUp();
    const { email = '', password = '' } = person ?? {};
    const answers = await Promise.all([
      iam.anybody.post('/api/v1/auth/login', { email: 'nobody@example.org', password }),
      iam.anybody.post('/api/v1/auth/login', { email, password: 'not that one' }),
      iam.anybody.post('/api/v1/auth/login', { email, password, tenantId: foreign.tenantId }),
    ]);
    for (const { status, body } of answers) {
      expect([status, body['code'], body['detail']]).toEqual([401, 'auth.bad_credentials', undefined]);
    }
  });

  it('is refused for a while after ten wrong passwords, also with the right one', async () => {
    const { person } = await iam.anybody.signUp();
    const { email = '', password = '' } = person ?? {};
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await iam.anybody.post('/api/v1/auth/login', { email, password: 'wrong' })).status).toBe(401);
    }
    const refused = await iam.anybody.post('/api/v1/auth/login', { email, password });
    expect([refused.status, refused.body['code']]).toEqual([429, 'auth.too_many_attempts']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('log-out', () => {
  it('ends the session for the edge and for internal tokens that are out already', async () => {
    const owner = await iam.anybody.signUp();
    const { token: internal } = await iam.edge.exchange(owner.credential ?? '');
    expect((await iam.edge.sendAs(internal, 'GET', '/api/v1/me')).status).toBe(200);
    expect((await owner.post('/api/v1/auth/logout')).status).toBe(204);
    expect((await iam.edge.sendAs(internal, 'GET', '/api/v1/me')).status).toBe(401);
    await expect(iam.edge.exchange(owner.credential ?? '')).rejects.toMatchObject({ definition: { status: 401 } });
  });

  it('leaves other sessions alone', async () => {
    const owner = await iam.anybody.signUp();
    const second = await owner.logIn(owner.person ?? { email: '', password: '' });
    await owner.post('/api/v1/auth/logout');
    expect((await second.get('/api/v1/me')).status).toBe(200);
  });
});

describe('an endpoint that needs somebody', () => {
  it.each([undefined, 'garbage', 'tg_ses_' + 'A'.repeat(49)])('answers 401 to %s', async (bearer) => {
    const answer = await iam.edge.sendAs<{ code: string }>(bearer, 'GET', '/api/v1/me');
    expect([answer.status, answer.body.code]).toEqual([401, 'auth.required']);
  });
});

describe('a forgotten password', () => {
  const linkIn = (text: string) => /token=(tg_rst_[\w-]+)/.exec(text)?.[1] ?? '';

  async function lastMailTo(to: string): Promise<string> {
    const operator = await iam.operator();
    const mails = await operator.get<{ items: { id: string }[] }>(
      `/api/v1/operator/mails?to=${encodeURIComponent(to)}`,
    );
    const mail = await operator.get<{ text: string }>(`/api/v1/operator/mails/${mails.body.items[0]?.id}`);
    return mail.body.text;
  }

  const ask = (email: string) => iam.anybody.post('/api/v1/auth/request-password-reset', { email });
  async function link(email: string): Promise<string> {
    expect((await ask(email)).status).toBe(202);
    return linkIn(await lastMailTo(email));
  }

  it('is replaced by the link of a mail, once, and ends all sessions', async () => {
    const owner = await iam.anybody.signUp();
    const { email = '', password = '' } = owner.person ?? {};
    const body = { token: await link(email), password: 'another password now' };
    expect((await iam.anybody.post('/api/v1/auth/reset-password', body)).status).toBe(204);
    expect((await iam.anybody.post('/api/v1/auth/reset-password', body)).status).toBe(404);
    await expect(iam.edge.exchange(owner.credential ?? '')).rejects.toMatchObject({ definition: { status: 401 } });
    expect((await iam.anybody.post('/api/v1/auth/login', { email, password })).status).toBe(401);
    const again = await iam.anybody.post<IssuedSession>('/api/v1/auth/login', { email, password: body.password });
    expect(again.status).toBe(200);
  });

  it('says nothing about whether an address is known', async () => {
    expect((await ask('nobody@example.org')).status).toBe(202);
    expect(await iam.database.query(`select 1 from iam.mails where recipient = 'nobody@example.org'`)).toEqual([]);
  });

  it('is in the audit log, the request for a new one too, and neither tells a secret', async () => {
    const owner = await iam.anybody.signUp();
    const { email = '', name } = owner.person ?? {};
    const body = { token: await link(email), password: 'another password now' };
    expect((await iam.anybody.post('/api/v1/auth/reset-password', body)).status).toBe(204);
    const again = await iam.anybody.logIn({ email, password: body.password });
    await eventually(
      async () => {
        const { items } = (await again.get<{ items: AuditLogEntry[] }>('/api/v1/audit-entries')).body;
        const object = { kind: 'user', id: owner.session?.userId };
        expect(items.find(({ action }) => action === 'iam.user.request-password-reset')).toMatchObject({ object });
        const reset = items.find(({ action }) => action === 'iam.user.reset-password');
        expect(reset).toMatchObject({ object, actor: { kind: 'user', id: object.id, name } });
        for (const secret of [body.token, body.password, email]) expect(JSON.stringify(items)).not.toContain(secret);
      },
      { withinMs: 15_000 },
    );
  });

  it('may be replaced after too many wrong ones', async () => {
    const { person } = await iam.anybody.signUp();
    const { email = '', password = '' } = person ?? {};
    const logIn = (tried: string) => iam.anybody.post('/api/v1/auth/login', { email, password: tried });
    for (let tries = 0; tries < 10; tries += 1) await logIn('wrong');
    expect((await logIn(password)).status).toBe(429);
    const body = { token: await link(email), password: 'another password now' };
    expect((await iam.anybody.post('/api/v1/auth/reset-password', body)).status).toBe(204);
    expect((await logIn(body.password)).status).toBe(200);
  });

  it('cannot be asked for more than three times in a while, whether the address is known or not', async () => {
    const { person } = await iam.anybody.signUp();
    for (const email of [person?.email ?? '', 'a-stranger@example.org']) {
      for (let times = 0; times < 3; times += 1) expect((await ask(email)).status).toBe(202);
      const refused = await ask(email);
      expect([refused.status, refused.body['code']]).toEqual([429, 'auth.too_many_attempts']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const mails = 'select 1 from iam.mails where recipient = $1';
    expect(await iam.database.query(mails, [person?.email])).toHaveLength(3);
  });
});
