import { newId } from '@tollgate/contracts';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startConsole } from '../testing/start-console.ts';
import { startTestIam, type TestIam } from '../testing/test-iam.ts';

let iam: TestIam;
let edge: Awaited<ReturnType<typeof startConsole>>;
/** Another process of the same service. */
let other: Awaited<ReturnType<typeof startConsole>>;

beforeAll(async () => {
  iam = await startTestIam();
  const environment = { IAM_URL: iam.url, REDIS_URL: redisDatabase(inject('redisUrl'), 1) };
  edge = await startConsole(environment);
  other = await startConsole(environment);
});
afterAll(async () => {
  await edge.close();
  await other.close();
  await iam.close();
});

const page = { 'x-tollgate-browser': '1', 'sec-fetch-site': 'same-origin', origin: 'http://console.test' };

async function send(method: string, path: string, headers: Record<string, string> = {}, body?: object) {
  const response = await fetch(edge.publicUrl + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
  };
}

async function logIn(tenantId = newId('tnt')) {
  const answer = await send('POST', '/api/v1/auth/login', page, { email: 'a@b.test', password: 'right', tenantId });
  return { answer, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

describe('the console in a browser', () => {
  it('logs in without ever seeing a token, and is known by its cookie', async () => {
    const tenantId = newId('tnt');
    const { answer, cookie } = await logIn(tenantId);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ tenantId });
    expect(answer.body).not.toHaveProperty('token');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^tollgate_console=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await send('GET', '/api/v1/me', { cookie })).body).toEqual({ tenantId });
  });

  it('tells no service its cookie', async () => {
    const { cookie } = await logIn();
    await send('GET', '/api/v1/me', { ...page, cookie });
    const { headers } = iam.seen.at(-1) ?? {};
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('x-tollgate-browser');
  });

  it('acts in another organisation from the next request on, at every process', async () => {
    const { cookie } = await logIn();
    const meThere = async (): Promise<unknown> =>
      (await fetch(`${other.publicUrl}/api/v1/me`, { headers: { cookie } })).json();
    await send('GET', '/api/v1/me', { cookie });
    await meThere();
    const tenantId = newId('tnt');
    const switched = await send('POST', '/api/v1/auth/switch-tenant', { ...page, cookie }, { tenantId });
    expect(switched.status).toBe(204);
    expect((await send('GET', '/api/v1/me', { cookie })).body).toEqual({ tenantId });
    await eventually(async () => expect(await meThere()).toEqual({ tenantId }), { withinMs: 1000 });
  });

  it('is logged out for good', async () => {
    const { cookie } = await logIn();
    const out = await send('POST', '/api/v1/auth/logout', { ...page, cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^tollgate_console=; Max-Age=0; Path=\//);
    expect((await send('GET', '/api/v1/me', { cookie })).status).toBe(401);
  });

  it('changes nothing for another site', async () => {
    const { cookie } = await logIn();
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'http://evil.test' },
      { ...page, origin: 'http://evil.test' },
      { ...page, 'sec-fetch-site': 'same-site' },
      {},
    ];
    for (const headers of foreign) {
      const before = iam.seen.length;
      const refused = await send('POST', '/api/v1/auth/logout', { ...headers, cookie });
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ code: 'auth.cross_site_refused' });
      expect(iam.seen).toHaveLength(before);
    }
    expect((await send('GET', '/api/v1/me', { cookie })).status).toBe(200);
  });

  it('has its cookie taken away when iam no longer knows the session', async () => {
    const { cookie } = await logIn();
    const gone = await send('GET', '/api/v1/me', { cookie: cookie.slice(0, -4) + 'AAAA' });
    expect(gone.status).toBe(401);
    expect(gone.headers.get('set-cookie')).toMatch(/^tollgate_console=; Max-Age=0/);
    expect((await send('GET', '/api/v1/me', { cookie })).status).toBe(200);
  });

  it('brings its cookie to no developer’s address', async () => {
    const { cookie } = await logIn();
    const answer = await send('POST', '/api/v1/portal/acme/log-out', { cookie });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('everybody else', () => {
  it('gets the token in the answer and sends it in Authorization', async () => {
    const answer = await send('POST', '/api/v1/auth/login', {}, { email: 'a@b.test', password: 'right' });
    const { token } = answer.body as { token: string };
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await send('GET', '/api/v1/me', { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});
