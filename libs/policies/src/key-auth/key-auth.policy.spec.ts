import { createHash } from 'node:crypto';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { resource, send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type PolicyTest, startGateway } from '../testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const consumer = (name: string, plugins: Record<string, unknown> = {}) =>
  resource('consumer', name, { username: name, plugins });
const credential = (id: string, options: Record<string, unknown>) =>
  resource('credential', id, { plugins: { 'key-auth': options } });
const revocation = (id: string, subject: Record<string, unknown>): GatewayResource =>
  resource('revocation', id, { subject });

const jack = [consumer('jack'), credential('jack/credentials/c1', { key_sha256: sha256('good') })];

async function start(options: Record<string, unknown> = {}, test: PolicyTest = {}): Promise<void> {
  gateway = await startGateway({ plugins: { 'key-auth': options }, revision: jack, ...test });
}

async function call(headers: Record<string, string> = {}, path = '/') {
  const answer = await send(gateway.port, path, { headers });
  return { status: answer.status, body: answer.json() as Record<string, unknown>, headers: answer.headers };
}

describe('key-auth', () => {
  it('lets a known key pass, in the header or the query', async () => {
    await start();
    expect((await call({ apikey: 'good' })).status).toBe(200);
    expect((await call({}, '/?apikey=good')).status).toBe(200);
  });

  it('refuses a missing and an unknown key with 401, a code and a challenge', async () => {
    await start({ realm: 'demo' });
    const missing = await call();
    expect(missing).toMatchObject({ status: 401, body: { code: 'gateway.credential_missing', status: 401 } });
    expect(missing.headers['www-authenticate']).toBe('ApiKey realm="demo"');
    expect(missing.headers['content-type']).toBe('application/problem+json');
    expect(await call({ apikey: 'bad' })).toMatchObject({ status: 401, body: { code: 'gateway.credential_unknown' } });
    expect((await call({ apikey: 'x'.repeat(5000) })).status).toBe(401);
  });

  it('answers as APISIX does where the group says so', async () => {
    await start({}, { settings: { errorFormat: 'apisix' } });
    expect((await call()).body).toEqual({ message: 'Missing API key in request' });
    expect((await call({ apikey: 'bad' })).body).toEqual({ message: 'Invalid API key in request' });
  });

  it('hides the key from the upstream only when told to', async () => {
    await start();
    expect((await call({ apikey: 'good' })).body).toMatchObject({ headers: { apikey: 'good' } });
    await gateway.stop();
    await start({ hide_credentials: true });
    expect((await call({ apikey: 'good' })).body).not.toHaveProperty('headers.apikey');
    expect((await call({}, '/x?a=1&apikey=good&b=%20')).body).toMatchObject({ url: '/x?a=1&b=%20' });
    expect((await call({}, '/x?apikey=good')).body).toMatchObject({ url: '/x' });
  });

  it('finds keys that consumers carry themselves, in the clear', async () => {
    await start({ header: 'x-key' }, { revision: [consumer('jill', { 'key-auth': { key: 'hers' } })] });
    expect((await call({ 'x-key': 'hers' })).status).toBe(200);
  });

  it('refuses a revoked key at once, and still after the revision brings it back', async () => {
    await start();
    expect((await call({ apikey: 'good' })).status).toBe(200);
    gateway.apply('access', [revocation('v1', { type: 'key', keySha256: sha256('good') })]);
    expect(await call({ apikey: 'good' })).toMatchObject({ status: 401, body: { code: 'gateway.credential_revoked' } });
    gateway.apply('revision', [], jack);
    gateway.apply('revision', jack);
    expect((await call({ apikey: 'good' })).body).toMatchObject({ code: 'gateway.credential_revoked' });
  });

  it('refuses every key of a revoked credential, by its short or long id', async () => {
    for (const credentialId of ['c1', 'jack/credentials/c1']) {
      await start();
      gateway.apply('access', [revocation('v1', { type: 'credential', credentialId })]);
      expect((await call({ apikey: 'good' })).body).toMatchObject({ code: 'gateway.credential_revoked' });
      if (credentialId === 'c1') await gateway.stop();
    }
  });

  it('forgets a deleted credential and follows a rotated one', async () => {
    await start();
    gateway.apply('revision', [credential('jack/credentials/c1', { key_sha256: sha256('new') })]);
    expect((await call({ apikey: 'good' })).status).toBe(401);
    expect((await call({ apikey: 'new' })).status).toBe(200);
    gateway.apply('revision', [], [credential('jack/credentials/c1', {})]);
    expect((await call({ apikey: 'new' })).status).toBe(401);
  });

  it('refuses a key from the moment it expires', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const options = { key_sha256: sha256('good'), expires_at: '2030-01-01T00:00:10Z' };
    await start({}, { revision: [consumer('jack'), credential('jack/credentials/c1', options)], clock: () => now });
    expect((await call({ apikey: 'good' })).status).toBe(200);
    now += 10_000;
    expect((await call({ apikey: 'good' })).body).toMatchObject({ code: 'gateway.credential_expired' });
  });

  it('refuses a configuration in which two consumers have the same key', async () => {
    await start();
    const twin = [consumer('twin'), credential('twin/credentials/c2', { key: 'good' })];
    expect(() => gateway.apply('revision', twin)).toThrow('credential/jack/credentials/c1 has the same credential');
    expect((await call({ apikey: 'good' })).status).toBe(200);
  });
});
