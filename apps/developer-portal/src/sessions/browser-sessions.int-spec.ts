import type { Problem } from '@tollgate/contracts/errors';
import type { Developer } from '@tollgate/contracts/rest/portal';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal(
    { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 3 },
    { PUBLIC_PORTAL_URL: 'http://portal.test' },
  );
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});
afterAll(() => portal.close());

const page = { 'x-tollgate-browser': '1', 'sec-fetch-site': 'same-origin', origin: 'http://portal.test' };

async function logIn({ email, password } = developer) {
  const answer = await tenant.visit<Problem & { token?: string; developer: Developer }>('/log-in', {
    headers: page,
    body: { email, password },
  });
  return { answer, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const me = (cookie: string) => tenant.visit<Developer & Problem>('/me', { headers: { cookie } });

describe('a developer’s browser', () => {
  it('logs in without ever seeing a token, and is known by a cookie of its site', async () => {
    const { answer, cookie } = await logIn();
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('token');
    expect(answer.body.developer.id).toBe(developer.id);
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^tollgate_portal_${tenant.slug}=[\\w-]{43}; Max-Age=\\d+; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect((await me(cookie)).body.id).toBe(developer.id);
  });

  it('makes changes from the portal’s own pages only', async () => {
    const { cookie } = await logIn();
    const create = (headers: Record<string, string>) =>
      tenant.visit<Problem>('/applications', { headers: { cookie, ...headers }, body: { name: 'Shop' } });
    expect((await create(page)).status).toBe(201);
    for (const headers of [{ 'x-tollgate-browser': '' }, { ...page, origin: 'http://evil.test' }]) {
      const refused = await create(headers);
      expect(refused.status).toBe(403);
      expect(refused.body.code).toBe('auth.cross_site_refused');
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('is nobody at another site', async () => {
    const { cookie } = await logIn();
    const other = await PortalTenant.create(portal);
    const renamed = cookie.replace(tenant.slug, other.slug);
    for (const headers of [{ cookie }, { cookie: renamed }])
      expect((await other.visit('/me', { headers })).status).toBe(401);
  });

  it('is logged out for good', async () => {
    const { cookie } = await logIn();
    const out = await tenant.visit('/log-out', { method: 'POST', headers: { ...page, cookie } });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/=; Max-Age=0; Path=\//);
    expect((await me(cookie)).status).toBe(401);
  });

  it('is logged out when the session ends elsewhere, and loses its cookie', async () => {
    const leaver = await tenant.developer();
    const { cookie } = await logIn(leaver);
    expect((await me(cookie)).status).toBe(200);
    await tenant.admin(`/api/v1/developers/${leaver.id}/suspend`, { method: 'POST' });
    const gone = await me(cookie);
    expect(gone.status).toBe(401);
    expect(gone.headers.get('set-cookie')).toMatch(/=; Max-Age=0; Path=\//);
  });

  it('may follow a mailed link while it is logged in', async () => {
    const { cookie } = await logIn();
    const verified = await tenant.visit<Problem>('/verify-mail', { headers: { cookie }, body: { token: 'unknown' } });
    expect(verified.body.code).not.toBe('auth.cross_site_refused');
    expect((await me(cookie)).status).toBe(200);
  });
});
