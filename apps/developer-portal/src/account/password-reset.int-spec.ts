import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { SessionHousekeeping } from '../sessions/session-housekeeping.ts';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let email: string;

const forgotten = 'a forgotten pass phrase';
const fresh = 'a fresh pass phrase';
const gone = { status: 404, body: { code: 'developer.reset_link_gone' } };

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 13 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());
beforeEach(async () => {
  email = await signedUp();
});

async function signedUp(): Promise<string> {
  const address = `${newId('dev')}@example.test`;
  await tenant.visit('/sign-up', { body: { name: 'Dana', email: address, password: forgotten } });
  const token = /#token=(\S+)$/m.exec((await portal.mails(address)).at(-1) ?? '')?.[1] ?? '';
  expect((await tenant.visit('/verify-mail', { body: { token } })).status).toBe(200);
  return address;
}

const request = (to: string, site = tenant) => site.visit<Problem>('/request-password-reset', { body: { email: to } });
const reset = (token: string, password = fresh, site = tenant) =>
  site.visit<Problem>('/reset-password', { body: { token, password } });
const logIn = (password: string) => tenant.visit<{ token: string }>('/log-in', { body: { email, password } });
const links = async (to: string) =>
  (await portal.mails(to)).flatMap((mail) => /reset-password#token=(\S+)$/m.exec(mail)?.[1] ?? []);
async function mailedLink(): Promise<string> {
  expect((await request(email)).status).toBe(202);
  return (await links(email)).at(-1) ?? '';
}

describe('a new password for a developer', () => {
  it('is set by the link of a mail, and ends all sessions', async () => {
    const { token } = (await logIn(forgotten)).body;
    const authorization = `Bearer ${token}`;
    expect((await tenant.visit('/me', { authorization })).status).toBe(200);
    const link = await mailedLink();
    expect((await tenant.visit('/me', { authorization })).status).toBe(200);

    expect((await reset(link)).status).toBe(204);
    expect((await tenant.visit('/me', { authorization })).status).toBe(401);
    expect((await logIn(forgotten)).status).toBe(401);
    expect((await logIn(fresh)).status).toBe(200);
  });

  it('is in the audit log, the request for it too, and neither tells a secret', async () => {
    const link = await mailedLink();
    await reset(link);
    await eventually(
      async () => {
        const entries = (await portal.published(auditEntryRecorded, tenant.tenantId)).map(({ data }) => data);
        const actions = entries.map((entry) => (entry as { action: string }).action);
        expect(actions).toEqual(
          expect.arrayContaining(['developer.request-password-reset', 'developer.reset-password']),
        );
        for (const secret of [link, email, fresh]) expect(JSON.stringify(entries)).not.toContain(secret);
      },
      { withinMs: 10_000 },
    );
    const rows = await portal.database.query('select * from portal.developer_password_resets');
    expect(JSON.stringify(rows)).not.toContain(link);
  });

  it('may be set after too many wrong passwords', async () => {
    for (let tries = 0; tries < 10; tries += 1) await logIn('a wrong pass phrase');
    expect((await logIn(forgotten)).status).toBe(429);
    expect((await reset(await mailedLink())).status).toBe(204);
    expect((await logIn(fresh)).status).toBe(200);
  });
});

describe('asking for a new password', () => {
  it('is answered alike for addresses that are known, unknown, unconfirmed, or of another site; only the first gets a mail', async () => {
    const unknown = `${newId('dev')}@example.test`;
    const unconfirmed = `${newId('dev')}@example.test`;
    await tenant.visit('/sign-up', { body: { name: 'Dana', email: unconfirmed, password: forgotten } });
    const other = await PortalTenant.create(portal);
    const known = await request(email.toUpperCase());
    for (const answer of [await request(unknown), await request(unconfirmed), await request(email, other)])
      expect([answer.status, answer.body]).toEqual([known.status, known.body]);
    expect([known.status, known.body]).toEqual([202, { next: 'read-your-mail' }]);
    expect(await links(email)).toHaveLength(1);
    expect(await links(unknown)).toEqual([]);
    expect(await links(unconfirmed)).toEqual([]);
  });

  it('too often is refused alike for addresses that are known and unknown, and sends no more mail', async () => {
    const unknown = `${newId('dev')}@example.test`;
    for (const address of [email, unknown]) {
      for (let times = 0; times < 3; times += 1) expect((await request(address)).status).toBe(202);
      const refused = await request(address);
      expect(refused).toMatchObject({ status: 429, body: { code: 'developer.too_many_attempts' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(await links(email)).toHaveLength(3);
  });

  it.each([{}, { email: 'nobody' }, { email: 'a@example.test', password: fresh }])(
    'is refused with 400 as %j',
    async (body) => {
      expect((await tenant.visit('/request-password-reset', { body })).status).toBe(400);
    },
  );
});

describe('a link for a new password', () => {
  it('works once, and makes all others of the developer worthless', async () => {
    const [first, second] = [await mailedLink(), await mailedLink()];
    expect((await reset(second)).status).toBe(204);
    for (const used of [first, second, 'tg_rst_nonsense'])
      expect(await reset(used, 'another pass phrase')).toMatchObject(gone);
    expect((await logIn(fresh)).status).toBe(200);
  });

  it('sets one password when two use it at once', async () => {
    const link = await mailedLink();
    const answers = await Promise.all([reset(link, fresh), reset(link, 'another pass phrase')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
  });

  it('works in time, and at its own site', async () => {
    const link = await mailedLink();
    const other = await PortalTenant.create(portal);
    expect(await reset(link, fresh, other)).toMatchObject(gone);
    await portal.database.query(`update portal.developer_password_resets set expires_at = now() - interval '1 second'`);
    expect(await reset(link)).toMatchObject(gone);
    expect((await logIn(forgotten)).status).toBe(200);
    await portal.part(SessionHousekeeping).runOnce();
    expect(await portal.database.query('select 1 from portal.developer_password_resets')).toEqual([]);
  });

  it('is not used up by a password that is refused', async () => {
    const link = await mailedLink();
    expect((await reset(link, 'short')).status).toBe(400);
    expect((await reset(link)).status).toBe(204);
  });

  it('leads to a page that its content security policy lets run', async () => {
    const page = await fetch(portal.publicUrl);
    expect(await page.text()).toContain('<div id="app"></div>');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
