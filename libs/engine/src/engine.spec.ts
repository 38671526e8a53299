import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { request } from 'node:https';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resource, send, startEngine, startUpstream, type TestEngine, type TestUpstream } from './testing/index.ts';

let upstream: TestUpstream;
let engine: TestEngine;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterEach(() => engine.stop());
afterAll(() => upstream.stop());

const route = (id: string, uri: string) =>
  resource('route', id, { uri, upstream: { nodes: { [upstream.address]: 1 } } });

describe('groups on one data plane', () => {
  it('are apart: hosts, routes, faults and counters', async () => {
    engine = await startEngine(
      { policies: [] },
      { id: 'g1', hosts: ['one.test'], revision: [route('r1', '/one')] },
      { id: 'g2', hosts: ['two.test', '*.two.test'], revision: [route('r1', '/two')] },
    );
    const status = async (host: string, path: string) => (await send(engine.port, path, { host })).status;
    expect([await status('one.test', '/one'), await status('one.test', '/two')]).toEqual([200, 404]);
    expect([await status('two.test', '/two'), await status('x.two.test:80', '/two')]).toEqual([200, 200]);
    expect(engine.engine.apply('g2', 'revision', { put: [resource('route', 'bad', {})] }).ok).toBe(false);
    expect(await status('one.test', '/one')).toBe(200);
    const calls = Map.groupBy(engine.engine.drainLedger(), ({ groupId }) => groupId);
    expect([...calls.keys()].sort()).toEqual(['g1', 'g2']);
  });

  it('cannot take each other’s hosts', async () => {
    engine = await startEngine({ policies: [] }, { id: 'g1', hosts: ['one.test'] });
    const settings = resource('group_settings', 'settings', { tenantId: 't', hosts: ['two.test', 'ONE.test'] });
    expect(engine.engine.apply('g2', 'revision', { put: [settings] })).toMatchObject({
      ok: false,
      faults: [{ kind: 'group_settings', pointer: '/hosts/1' }],
    });
    engine.engine.removeGroup('g1');
    expect(engine.engine.apply('g2', 'revision', { put: [settings] }).ok).toBe(true);
    expect((await send(engine.port, '/', { host: 'one.test' })).json()).toMatchObject({
      code: 'gateway.route_not_found',
    });
  });

  it('stop serving a host that they give up', async () => {
    engine = await startEngine({ policies: [] }, { hosts: ['one.test'], revision: [route('r1', '/*')] });
    engine.apply('revision', [resource('group_settings', 'settings', { tenantId: 't', hosts: ['two.test'] })]);
    expect((await send(engine.port, '/', { host: 'one.test' })).json()).toMatchObject({ code: 'gateway.host_unknown' });
    expect((await send(engine.port, '/', { host: 'two.test' })).status).toBe(200);
  });
});

describe('a data plane that is cut off', () => {
  it('stops serving a group whose access state is older than it allows, until it is confirmed', async () => {
    let now = Date.now();
    engine = await startEngine(
      { policies: [], clock: () => now },
      { settings: { maxAccessAgeSeconds: 60 }, revision: [route('r1', '/*')] },
    );
    expect((await send(engine.port, '/')).status).toBe(200);
    now += 61_000;
    expect((await send(engine.port, '/')).json()).toMatchObject({ status: 503, code: 'gateway.access_state_stale' });
    engine.engine.confirmAccess();
    expect((await send(engine.port, '/')).status).toBe(200);
  });
});

describe('usage minutes', () => {
  it('are corrected by the measured clock offset', async () => {
    engine = await startEngine({ policies: [], clock: () => 1_000_000 * 60_000 }, { revision: [route('r1', '/*')] });
    engine.engine.setClockOffset(120_000);
    await send(engine.port, '/');
    expect(engine.engine.drainLedger()).toMatchObject([{ minute: 1_000_002 * 60 }]);
  });
});

describe('HTTPS', () => {
  let certificate: Record<string, unknown>;
  beforeAll(async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const self = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=one.test',
      keys,
      signingAlgorithm: algorithm,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'one.test' }])],
    });
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
    certificate = { sni: 'one.test', cert: self.toString('pem'), key };
  });

  async function secureStatus(port: number, servername: string, host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const ca = String(certificate['cert']);
      const outgoing = request(
        { host: '127.0.0.1', port, servername, ca, headers: { host }, agent: false },
        (answer) => {
          answer.resume();
          answer.once('end', () => resolve(answer.statusCode));
        },
      );
      outgoing.once('error', reject);
      outgoing.end();
    });
  }

  it('serves a group with its certificate and refuses server names and hosts of different groups', async () => {
    engine = await startEngine(
      { policies: [] },
      { id: 'g1', hosts: ['one.test'], revision: [route('r1', '/*')], access: [resource('ssl', 'c1', certificate)] },
      { id: 'g2', hosts: ['two.test'], revision: [route('r1', '/*')] },
    );
    const { port, scheme } = await engine.engine.listenHttps({ port: 0 });
    expect(scheme).toBe('https');
    expect(await secureStatus(port, 'one.test', 'one.test')).toBe(200);
    expect(await secureStatus(port, 'one.test', 'two.test')).toBe(421);
    await expect(secureStatus(port, 'two.test', 'two.test')).rejects.toThrow();
    engine.apply('access', [], [resource('ssl', 'c1', {})]);
    await expect(secureStatus(port, 'one.test', 'one.test')).rejects.toThrow();
  });
});
