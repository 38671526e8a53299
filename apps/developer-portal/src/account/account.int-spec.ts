import { newId } from '@tollgate/contracts';
import {
  auditEntryRecorded,
  developerApproved,
  developerErased,
  tenantResumed,
  tenantSuspended,
} from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import type { Mail, MailSummary } from '@tollgate/contracts/rest/iam';
import type { Developer, PublicSite } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SessionHousekeeping } from '../sessions/session-housekeeping.ts';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({
    databaseUrl: inject('databaseUrl'),
    redisUrl: inject('redisUrl'),
    redisDatabase: 14,
  });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const password = 'correct horse battery';
const newEmail = () => `${newId('dev')}@example.test`;
const signUp = (email: string, words = password) =>
  tenant.visit<Problem>('/sign-up', { body: { name: 'Dana', email, password: words } });
const logIn = (email: string, words = password) =>
  tenant.visit<Problem & { token: string; developer: Developer }>('/log-in', { body: { email, password: words } });
const verify = (token: string) => tenant.visit<Developer & Problem>('/verify-mail', { body: { token } });
/** Token in the newest mail to an address. */
const mailedToken = async (email: string) => {
  const mail = (await portal.mails(email)).at(-1);
  return /#token=(\S+)$/m.exec(mail ?? '')?.[1] ?? '';
};
const approval = async (signUpApproval: 'automatic' | 'manual') => {
  const { id, version } = await tenant.site();
  const headers = { 'if-match': `"${version}"` };
  const changed = await tenant.admin(`/api/v1/portal-sites/${id}`, {
    method: 'PATCH',
    body: { signUpApproval },
    headers,
  });
  expect(changed.status).toBe(200);
};

describe('a portal site', () => {
  it('tells anybody its name and nothing of its tenant', async () => {
    const { body } = await tenant.visit<PublicSite>('');
    expect(body).toEqual({
      id: (await tenant.site()).id,
      name: 'Acme',
      description: '',
      accentColor: 'teal',
      logo: null,
      slug: tenant.slug,
      signUpApproval: 'manual',
      signUpOpen: true,
    });
  });

  it('has a slug that no other site of the platform has', async () => {
    const other = await PortalTenant.create(portal);
    const { id } = await other.site();
    const request = { method: 'PATCH', body: { slug: tenant.slug }, headers: { 'if-match': '"1"' } };
    const refused = await other.admin<Problem>(`/api/v1/portal-sites/${id}`, request);
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ pointer: '/slug' }] } });
    const stale = { method: 'PATCH', body: { name: 'X' }, headers: { 'if-match': '"7"' } };
    expect((await other.admin(`/api/v1/portal-sites/${id}`, stale)).status).toBe(412);
  });
});

describe('signing up', () => {
  it('answers a registered address like a new one; only the mail tells', async () => {
    const email = newEmail();
    const first = await signUp(email);
    expect((await verify(await mailedToken(email))).status).toBe(200);
    const second = await signUp(email.toUpperCase(), 'another password');
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    expect((await portal.mails(email)).at(-1)).toContain('registered already');
    expect((await logIn(email)).status).toBe(200);
    expect((await logIn(email, 'another password')).status).toBe(401);
  });

  it('twice before the mail was read lets the mail decide whose password counts', async () => {
    const email = newEmail();
    await signUp(email, 'password of a stranger');
    const stranger = await logIn(email, 'password of a stranger');
    await signUp(email, 'password of the owner');
    await verify(await mailedToken(email));
    expect((await logIn(email, 'password of the owner')).status).toBe(200);
    expect((await logIn(email, 'password of a stranger')).status).toBe(401);
    const authorization = `Bearer ${stranger.body.token}`;
    expect((await tenant.visit('/me', { authorization })).status).toBe(401);
  });

  it('is refused with the place of every mistake', async () => {
    const body = { name: '', email: 'nobody', password: 'short', admin: true };
    const refused = await tenant.visit<Problem>('/sign-up', { body });
    expect(refused.status).toBe(400);
    const pointers = refused.body.errors?.map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/admin', '/email', '/name', '/password']));
  });

  it('at a site that does not exist answers 404', async () => {
    const body = { name: 'Dana', email: newEmail(), password };
    expect((await portal.request('/api/v1/portal/no-such-site/sign-up', { body })).status).toBe(404);
  });

  it('is closed while the tenant is suspended', async () => {
    const closing = await PortalTenant.create(portal);
    const { tenantId } = closing;
    const tell = (event: typeof tenantSuspended | typeof tenantResumed, aggregateVersion: number) =>
      portal.publish(
        event.create({ subject: tenantId, tenantId, aggregateVersion, data: { tenantId, reason: 'unpaid' } }),
      );
    const isOpen = async () => (await closing.visit<PublicSite>('')).body.signUpOpen;
    await tell(tenantSuspended, 2);
    await eventually(async () => expect(await isOpen()).toBe(false), { withinMs: 10_000 });
    const body = { name: 'Dana', email: newEmail(), password };
    const refused = await closing.visit<Problem>('/sign-up', { body });
    expect(refused).toMatchObject({ status: 403, body: { code: 'developer.sign_up_closed' } });
    await tell(tenantResumed, 3);
    await eventually(async () => expect(await isOpen()).toBe(true), { withinMs: 10_000 });
    expect((await closing.visit('/sign-up', { body })).status).toBe(202);
  });
});

describe('mails, without a mail server', () => {
  it('are read by operators', async () => {
    const email = newEmail();
    await signUp(email);
    const authorization = await portal.operator();
    const mails = '/api/v1/portal-mails';
    const listed = await portal.request<Page<MailSummary>>(`${mails}?to=${email}`, { authorization });
    expect(listed.body.items).toMatchObject([{ to: email, status: 'captured' }]);
    const { body: mail } = await portal.request<Mail>(`${mails}/${listed.body.items[0]?.id}`, { authorization });
    expect(mail.text).toContain(await mailedToken(email));
    expect((await portal.request(`${mails}/${newId('mail')}`, { authorization })).status).toBe(404);
  });
});

describe('proving a mail address', () => {
  it('is enough where the site approves automatically', async () => {
    await approval('automatic');
    const email = newEmail();
    await signUp(email);
    expect((await logIn(email)).body.developer).toMatchObject({ state: 'pending', emailVerified: false });
    const verified = await verify(await mailedToken(email));
    expect(verified.body).toMatchObject({ state: 'approved', emailVerified: true });
    await approval('manual');
    await eventually(
      async () => {
        const approved = await portal.published(developerApproved, tenant.tenantId);
        expect(approved.map(({ subject }) => subject)).toContain(verified.body.id);
      },
      { withinMs: 10_000 },
    );
  });

  it('leaves the decision to an administrator elsewhere', async () => {
    const email = newEmail();
    await signUp(email);
    expect((await verify(await mailedToken(email))).body).toMatchObject({ state: 'pending', emailVerified: true });
  });

  it('works once, in time, and at its own site', async () => {
    const email = newEmail();
    await signUp(email);
    const token = await mailedToken(email);
    const other = await PortalTenant.create(portal);
    const wrong = { status: 409, body: { code: 'developer.wrong_mail_token' } };
    expect(await other.visit('/verify-mail', { body: { token } })).toMatchObject(wrong);
    expect(await verify('tg_mail_nonsense')).toMatchObject(wrong);
    expect((await verify(token)).status).toBe(200);
    expect(await verify(token)).toMatchObject(wrong);

    const late = newEmail();
    await signUp(late);
    await portal.database.query(`update portal.developer_mail_tokens set expires_at = now() - interval '1 second'`);
    expect(await verify(await mailedToken(late))).toMatchObject(wrong);
    await portal.part(SessionHousekeeping).runOnce();
    expect(await portal.database.query('select 1 from portal.developer_mail_tokens')).toEqual([]);
  });
});

describe('logging in', () => {
  it('is refused alike for a wrong password, an unknown address, and a developer who may not', async () => {
    const developer = await tenant.developer();
    const wrong = await logIn(developer.email, 'not the password');
    const unknown = await logIn(newEmail());
    await tenant.admin(`/api/v1/developers/${developer.id}/suspend`, { method: 'POST' });
    const suspended = await logIn(developer.email);
    for (const { status, body } of [wrong, unknown, suspended]) {
      expect([status, body.code, body.detail]).toEqual([401, 'developer.wrong_credentials', undefined]);
    }
  });

  it('is stopped after ten wrong passwords in a row, for that address only', async () => {
    const email = newEmail();
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await logIn(email)).status).toBe(401);
    const refused = await logIn(email);
    expect(refused).toMatchObject({ status: 429, body: { code: 'developer.too_many_attempts' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await logIn(newEmail())).status).toBe(401);
  });

  it('begins a session that ends when its time is over', async () => {
    const { id, authorization } = await tenant.developer();
    await portal.database.query(
      `update portal.developer_sessions set expires_at = now() - interval '1 second' where developer_id = $1`,
      [id],
    );
    expect((await tenant.visit('/me', { authorization })).status).toBe(401);
  });
});

describe('a session', () => {
  it('ends at once with log-out, and no other session with it', async () => {
    const developer = await tenant.developer();
    const other = `Bearer ${(await logIn(developer.email)).body.token}`;
    expect((await developer.request('/me')).body).toMatchObject({ id: developer.id, state: 'approved' });
    expect((await developer.request('/log-out', { method: 'POST' })).status).toBe(204);
    expect((await developer.request('/me')).status).toBe(401);
    expect((await tenant.visit('/me', { authorization: other })).status).toBe(200);
  });

  it('ends at once when an administrator refuses or suspends its developer', async () => {
    const pending = await tenant.developer({ approved: false });
    expect((await pending.request('/me')).status).toBe(200);
    await tenant.admin(`/api/v1/developers/${pending.id}/refuse`, { method: 'POST' });
    expect((await pending.request('/me')).status).toBe(401);

    const approved = await tenant.developer();
    expect((await approved.request('/me')).status).toBe(200);
    await tenant.admin(`/api/v1/developers/${approved.id}/suspend?dryRun=true`, { method: 'POST' });
    expect((await approved.request('/me')).status).toBe(200);
    await tenant.admin(`/api/v1/developers/${approved.id}/suspend`, { method: 'POST' });
    expect((await approved.request('/me')).status).toBe(401);
  });

  it('is stored as a hash', async () => {
    const { authorization } = await tenant.developer();
    const rows = await portal.database.query('select row_to_json(s) as row from portal.developer_sessions s');
    expect(JSON.stringify(rows)).not.toContain(authorization.slice('Bearer '.length));
  });
});

describe('developers, to their tenant’s admins', () => {
  it('are decided by steps that their state has; repeating one changes nothing', async () => {
    const { id } = await tenant.developer({ approved: false });
    const step = (name: string) =>
      tenant.admin<Developer & Problem>(`/api/v1/developers/${id}/${name}`, { method: 'POST' });
    expect(await step('suspend')).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
    expect((await step('refuse')).body.state).toBe('refused');
    const approved = await step('approve');
    expect(approved.body.state).toBe('approved');
    expect((await step('approve')).body).toEqual(approved.body);
    expect((await step('refuse')).status).toBe(409);
    expect((await step('suspend')).body.state).toBe('suspended');
    expect((await step('resume')).body.state).toBe('approved');
  });

  it('are found by state and mail address', async () => {
    const { id, email } = await tenant.developer();
    const found = await tenant.admin(`/api/v1/developers?state=approved&email=${email}`);
    expect(found.body).toMatchObject({ items: [{ id }], nextCursor: null });
    expect((await tenant.admin(`/api/v1/developers?state=refused&email=${email}`)).body).toMatchObject({ items: [] });
    expect((await tenant.admin('/api/v1/developers?state=asleep')).status).toBe(400);
    expect((await tenant.admin('/api/v1/developers?limit=201')).status).toBe(400);
  });
});

describe('people’s own data', () => {
  it('can be exported', async () => {
    const developer = await tenant.developer();
    const exported = await developer.request('/me/export');
    expect(exported.body).toMatchObject({ developer: { email: developer.email }, sessions: [{}] });
  });

  it('can be erased: everything of theirs ends, and nothing of it is left', async () => {
    const { plan } = await tenant.onSale();
    const developer = await tenant.developer();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const { body: me } = await developer.request<Developer>('/me');
    expect((await developer.request('/me', { method: 'DELETE' })).status).toBe(428);
    const stale = await developer.request('/me', { method: 'DELETE', headers: { 'if-match': '"99"' } });
    expect(stale.status).toBe(412);
    const headers = { 'if-match': `"${me.version}"` };
    expect((await developer.request('/me', { method: 'DELETE', headers })).status).toBe(204);

    expect((await developer.request('/me')).status).toBe(401);
    expect((await logIn(developer.email)).status).toBe(401);
    expect((await tenant.admin(`/api/v1/developers/${developer.id}`)).status).toBe(404);
    expect((await tenant.admin(`/api/v1/subscriptions/${subscription.id}`)).status).toBe(404);
    await eventually(
      async () => {
        const erased = await portal.published(developerErased, tenant.tenantId);
        expect(erased.map(({ subject }) => subject)).toContain(developer.id);
      },
      { withinMs: 10_000 },
    );
    const audit = await portal.published(auditEntryRecorded, tenant.tenantId);
    expect(audit.map(({ data }) => data.action)).toEqual(
      expect.arrayContaining(['developer.sign-up', 'developer.approve', 'subscription.create', 'developer.erase']),
    );
    expect(JSON.stringify(audit)).not.toContain(developer.email);
  });
});
