import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import type { Endpoint } from '@tollgate/contracts/rest';
import { eraseMyDeveloper, logInDeveloper, logOutDeveloper, signUpDeveloper } from '@tollgate/contracts/rest/portal';
import { toApiError, toProblem } from '@tollgate/platform';
import { redisDatabase } from '@tollgate/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { portalRealm } from './browser-realm.ts';
import { BrowserSessionStore } from './browser-session-store.ts';
import { addBrowserSessions } from './browser-sessions.ts';

const masterKey = 'm'.repeat(40);
const token = 'tg_dev_secret';
const endpoints: readonly Endpoint[] = [logInDeveloper, logOutDeveloper, eraseMyDeveloper, signUpDeveloper];

let redis: Redis;
let app: FastifyInstance;
/** Sessions that the service behind has ended. */
let isDead = false;
let lifeMs = 60_000;

async function serve(connection: Redis, publicUrl: string, idleMs?: number): Promise<FastifyInstance> {
  const server = fastify();
  server.setErrorHandler((thrown, request, reply) => {
    const error = toApiError(thrown);
    return reply
      .status(error.definition.status)
      .headers({ 'content-type': 'application/problem+json', ...error.headers })
      .send(JSON.stringify(toProblem(error, request, 'https://docs')));
  });
  addBrowserSessions(server, {
    store: new BrowserSessionStore({ redis: connection, masterKey, ...(idleMs === undefined ? {} : { idleMs }) }),
    publicUrl: new URL(publicUrl),
    endpoints,
    realmOf: portalRealm,
  });
  server.post('/api/v1/portal/:site/log-in', async (request, reply) => {
    if ((request.body as { wrong?: boolean } | undefined)?.wrong) return reply.status(401).send({ code: 'wrong' });
    const answer = JSON.stringify({
      token,
      expiresAt: new Date(Date.now() + lifeMs).toISOString(),
      developer: 'dev_1',
    });
    const asStream = request.headers['x-stream'] !== undefined;
    return reply
      .headers({ 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
      .send(asStream ? Readable.from([Buffer.from(answer)]) : answer);
  });
  const answer = async (authorization: string | undefined, end: () => void) => {
    if (authorization !== `Bearer ${token}` || isDead) throw Object.assign(new Error('no'), { statusCode: 401 });
    end();
    return { authorization };
  };
  const nothing = (): void => undefined;
  server.get('/api/v1/portal/:site/me', ({ headers }) => answer(headers.authorization, nothing));
  server.post('/api/v1/portal/:site/applications', ({ headers }) => answer(headers.authorization, nothing));
  server.post('/api/v1/portal/:site/sign-up', async ({ headers }) => ({
    authorization: headers.authorization ?? null,
  }));
  server.post('/api/v1/portal/:site/log-out', async ({ headers }, reply) => {
    await answer(headers.authorization, () => (isDead = true));
    return reply.status(204).send();
  });
  await server.ready();
  return server;
}

beforeAll(() => {
  redis = new Redis(redisDatabase(inject('redisUrl'), 5));
});
afterAll(() => redis.disconnect());
beforeEach(async () => {
  isDead = false;
  lifeMs = 60_000;
  app = await serve(redis, 'http://portal.test');
});
afterEach(() => app.close());

const page = { 'x-tollgate-browser': '1', 'sec-fetch-site': 'same-origin', origin: 'http://portal.test' };
type Method = 'GET' | 'POST' | 'DELETE';
const send = (method: Method, path: string, headers: Record<string, string> = {}, payload?: object) =>
  app.inject({ method, url: `/api/v1/portal${path}`, headers, ...(payload === undefined ? {} : { payload }) });

/** A site of its own, so that no test sees another's sessions. */
const newSite = (): string => `s${randomUUID().slice(0, 8)}`;
const keys = (site: string): Promise<string[]> => redis.keys(`tg:browser:portal:${site}:*`);

async function logIn(site: string, headers: Record<string, string> = page) {
  const answer = await send('POST', `/${site}/log-in`, headers);
  expect(answer.statusCode).toBe(200);
  const [cookie] = answer.cookies;
  return { answer, cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` };
}

describe('a browser that logs in', () => {
  it.each([
    ['one piece', {}],
    ['a stream', { 'x-stream': '1' }],
  ])('gets a cookie and never the token, of an answer in %s', async (_how, more) => {
    const site = newSite();
    const { answer } = await logIn(site, { ...page, ...more });
    expect(answer.body).not.toContain(token);
    expect(answer.json()).toMatchObject({ developer: 'dev_1' });
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)));
    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: `tollgate_portal_${site}`, httpOnly: true, sameSite: 'Strict', path: '/' }),
    ]);
    expect(answer.cookies[0]?.maxAge).toBeGreaterThan(55);
    expect(answer.headers['set-cookie']).not.toContain('Secure');
  });

  it('gets a cookie that is Secure and bound to the host when the public address is https', async () => {
    await app.close();
    app = await serve(redis, 'https://portal.test');
    const site = newSite();
    const { answer } = await logIn(site, { ...page, origin: 'https://portal.test' });
    expect(answer.cookies[0]).toMatchObject({ name: `__Host-tollgate_portal_${site}`, secure: true, path: '/' });
    expect(answer.headers['set-cookie']).not.toContain('Domain');
  });

  it('leaves neither its id nor its token readable in Redis, and nothing beyond the session’s end', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const [key = ''] = await keys(site);
    expect(cookie).not.toContain(key.split(':').at(-1) ?? '');
    expect(key).not.toContain(cookie.split('=')[1] ?? '');
    expect(await redis.get(key)).not.toContain(token);
    expect(await redis.pttl(key)).toBeGreaterThan(50_000);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000);
  });

  it('is treated as carrying the token from then on', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const read = await send('GET', `/${site}/me`, { cookie });
    expect(read.json()).toEqual({ authorization: `Bearer ${token}` });
    expect((await send('POST', `/${site}/applications`, { ...page, cookie })).statusCode).toBe(200);
  });

  it('keeps what it has when a wrong password is tried', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const wrong = await send('POST', `/${site}/log-in`, { ...page, cookie }, { wrong: true });
    expect(wrong.statusCode).toBe(401);
    expect(wrong.headers['set-cookie']).toBeUndefined();
    expect((await send('GET', `/${site}/me`, { cookie })).statusCode).toBe(200);
  });

  it('has one session: logging in again ends the former cookie', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const { cookie: second } = await logIn(site, { ...page, cookie });
    expect(second).not.toBe(cookie);
    expect(await keys(site)).toHaveLength(1);
  });
});

describe('a client that is no browser', () => {
  it('gets the token in the answer, as ever', async () => {
    const { answer } = await logIn(newSite(), {});
    expect(answer.json()).toMatchObject({ token });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is known by its Authorization header, whatever cookie comes with it', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const authorization = 'Bearer another';
    expect((await send('POST', `/${site}/applications`, { cookie, authorization })).statusCode).toBe(401);
    expect((await send('GET', `/${site}/me`, { cookie })).statusCode).toBe(200);
  });
});

describe('a change that another site has a browser send', () => {
  it.each([
    ['as a form does', { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://evil.test' }],
    ['without the header of our pages', { 'sec-fetch-site': 'same-origin', origin: 'http://portal.test' }],
    ['with another value of it', { ...page, 'x-tollgate-browser': 'true' }],
    ['from another site', { ...page, 'sec-fetch-site': 'cross-site' }],
    ['from another port of the same host', { ...page, 'sec-fetch-site': 'same-site' }],
    ['by a link', { ...page, 'sec-fetch-site': 'none' }],
    ['from another origin', { ...page, origin: 'http://portal.test:9999' }],
    ['from another scheme', { ...page, origin: 'https://portal.test' }],
    ['from nowhere', { ...page, origin: 'null' }],
  ])('is refused %s, and the session goes on', async (_how, headers) => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const refused = await send('POST', `/${site}/applications`, { ...headers, cookie });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'auth.cross_site_refused' });
    expect(refused.headers['set-cookie']).toBeUndefined();
    expect((await send('GET', `/${site}/me`, { cookie })).statusCode).toBe(200);
  });

  it('is refused at log-in too: nobody is logged in as somebody else', async () => {
    const refused = await send('POST', `/${newSite()}/log-in`, { ...page, origin: 'http://evil.test' });
    expect(refused.statusCode).toBe(403);
    expect(refused.headers['set-cookie']).toBeUndefined();
  });

  it('cannot use the cookie where none is needed', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const answer = await send('POST', `/${site}/sign-up`, { cookie, origin: 'http://evil.test' });
    expect(answer.json()).toEqual({ authorization: null });
  });
});

describe('a page of ours', () => {
  it('may come by the address of the request itself when it is not the public one', async () => {
    const site = newSite();
    const own = { ...page, origin: 'http://10.0.0.7:8081', host: '10.0.0.7:8081' };
    const { cookie } = await logIn(site, own);
    expect((await send('POST', `/${site}/applications`, { ...own, cookie })).statusCode).toBe(200);
  });

  it('may be an older browser’s, which tells neither site nor origin', async () => {
    const site = newSite();
    const { cookie } = await logIn(site, { 'x-tollgate-browser': '1' });
    const headers = { 'x-tollgate-browser': '1', cookie };
    expect((await send('POST', `/${site}/applications`, headers)).statusCode).toBe(200);
  });
});

describe('a cookie', () => {
  it('of one site is nothing at another, under either name', async () => {
    const [one, other] = [newSite(), newSite()];
    const { cookie } = await logIn(one);
    const renamed = cookie.replace(one, other);
    expect((await send('GET', `/${other}/me`, { cookie })).statusCode).toBe(401);
    expect((await send('GET', `/${other}/me`, { cookie: renamed })).statusCode).toBe(401);
    expect((await send('GET', `/${one}/me`, { cookie })).statusCode).toBe(200);
  });

  it.each(['', 'x', '../../etc', 'A'.repeat(43), '%00', 'A'.repeat(5000)])(
    'that was made up is nobody: %s',
    async (value) => {
      const site = newSite();
      const answer = await send('GET', `/${site}/me`, { cookie: `tollgate_portal_${site}=${value}` });
      expect(answer.statusCode).toBe(401);
    },
  );

  it('is worth nothing after the session’s end, and is taken away', async () => {
    lifeMs = 30;
    const site = newSite();
    const { cookie } = await logIn(site);
    await expect.poll(() => keys(site), { timeout: 2000 }).toEqual([]);
    const answer = await send('GET', `/${site}/me`, { cookie });
    expect(answer.statusCode).toBe(401);
    expect(answer.cookies[0]).toMatchObject({ name: `tollgate_portal_${site}`, value: '', maxAge: 0 });
  });

  it('is taken away with its entry when the service no longer knows the session', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    isDead = true;
    const answer = await send('GET', `/${site}/me`, { cookie });
    expect(answer.statusCode).toBe(401);
    expect(answer.cookies[0]).toMatchObject({ value: '', maxAge: 0 });
    expect(await keys(site)).toEqual([]);
  });

  it('is taken away with its entry by a log-out, and does not come back', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const out = await send('POST', `/${site}/log-out`, { ...page, cookie });
    expect(out.statusCode).toBe(204);
    expect(out.cookies[0]).toMatchObject({ name: `tollgate_portal_${site}`, value: '', maxAge: 0 });
    expect(await keys(site)).toEqual([]);
    isDead = false;
    expect((await send('GET', `/${site}/me`, { cookie })).statusCode).toBe(401);
  });

  it('sealed under another master key is nobody’s', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    const other = new BrowserSessionStore({ redis, masterKey: 'o'.repeat(40) });
    expect(await other.find(`portal:${site}`, cookie.split('=')[1] ?? '')).toBeNull();
  });

  it('of a session that each use prolongs is prolonged with it', async () => {
    await app.close();
    app = await serve(redis, 'http://portal.test', 500_000);
    const site = newSite();
    const { cookie } = await logIn(site);
    await send('GET', `/${site}/me`, { cookie });
    expect(await redis.pttl((await keys(site))[0] ?? '')).toBeGreaterThan(400_000);
  });
});

describe('without Redis', () => {
  it('nobody is logged out: a cookie gets 503 and stays', async () => {
    const site = newSite();
    const { cookie } = await logIn(site);
    await app.close();
    const away = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
    away.on('error', () => undefined);
    app = await serve(away, 'http://portal.test');
    const answer = await send('GET', `/${site}/me`, { cookie });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'internal.unavailable', status: 503 });
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.headers['set-cookie']).toBeUndefined();
    away.disconnect();
  });

  it('a Redis that takes the question and never answers is no better', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const away = new Redis({ port, host: '127.0.0.1', retryStrategy: () => null });
    away.on('error', () => undefined);
    await app.close();
    app = await serve(away, 'http://portal.test');
    const site = newSite();
    const answer = await send('GET', `/${site}/me`, { cookie: `tollgate_portal_${site}=${'A'.repeat(43)}` });
    expect(answer.statusCode).toBe(503);
    away.disconnect();
    silent.close();
  });

  it('no session begins, and the token does not leave in its place', async () => {
    await app.close();
    const away = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
    away.on('error', () => undefined);
    app = await serve(away, 'http://portal.test');
    const answer = await send('POST', `/${newSite()}/log-in`, page);
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain(token);
    expect(answer.headers['set-cookie']).toBeUndefined();
    away.disconnect();
  });

  it('others go on: a request with its own token needs none', async () => {
    await app.close();
    const away = new Redis({ port: 1, maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
    away.on('error', () => undefined);
    app = await serve(away, 'http://portal.test');
    const answer = await send('GET', `/${newSite()}/me`, { authorization: `Bearer ${token}` });
    expect(answer.statusCode).toBe(200);
    away.disconnect();
  });
});
