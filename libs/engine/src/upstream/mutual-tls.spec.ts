import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resource, send, socketKinds, startEngine, type TestEngine } from '../testing/index.ts';

interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

async function createKeyPair(name: string): Promise<KeyPair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { cert: certificate.toString('pem'), key: String(key) };
}

describe.each(socketKinds)('an upstream that demands a client certificate, on %s sockets', (sockets) => {
  let server: KeyPair;
  let known: KeyPair;
  let stranger: KeyPair;
  beforeAll(async () => {
    [server, known, stranger] = (await Promise.all(
      ['server.test', 'known.test', 'stranger.test'].map(createKeyPair),
    )) as [KeyPair, KeyPair, KeyPair];
  });

  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  async function start(tls: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<TestEngine> {
    const upstream = createServer(
      { ...server, ca: [known.cert], requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        const subject = (request.socket as TLSSocket).getPeerCertificate().subject.CN;
        response.end(typeof subject === 'string' ? subject : 'nobody');
      },
    );
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    running.push({
      stop: async () => {
        upstream.closeAllConnections();
        await new Promise((resolve) => upstream.close(resolve));
      },
    });
    const { port } = upstream.address() as AddressInfo;
    const nodes = { [`127.0.0.1:${port}`]: 1 };
    const engine = await startEngine(
      { policies: [], sockets },
      { revision: [resource('route', 'r', { uri: '/*', upstream: { nodes, scheme: 'https', tls, ...more } })] },
    );
    running.push(engine);
    return engine;
  }

  it('gets the one that the upstream is configured with, on each connection', async () => {
    const { port } = await start({ client_cert: known.cert, client_key: known.key });
    for (let index = 0; index < 3; index++) {
      expect(await send(port, '/')).toMatchObject({ status: 200, text: 'known.test' });
    }
  });

  it('is not reached without one, or with another', async () => {
    const without = await start({});
    expect((await send(without.port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
    const another = await start({ client_cert: stranger.cert, client_key: stranger.key });
    expect((await send(another.port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });

  it('is not reached when its own certificate is to be verified and cannot be', async () => {
    const { port } = await start({ client_cert: known.cert, client_key: known.key, verify: true });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });

  it('is refused with what is no certificate and key when it is configured', async () => {
    const { engine } = await start({});
    for (const tls of [
      { client_cert: known.cert },
      { client_cert: known.cert, client_key: stranger.key },
      { client_cert: 'x', client_key: 'y' },
    ]) {
      const upstream = { nodes: { '127.0.0.1:1': 1 }, scheme: 'https', tls };
      const put = [resource('upstream', 'u', upstream)];
      expect(engine.apply('g1', 'revision', { put })).toMatchObject({
        ok: false,
        faults: [{ message: expect.stringContaining('tls.client_cert and tls.client_key') as string }],
      });
    }
  });

  it('is probed with the same certificate', async () => {
    const findings = { healthy: { interval: 1, successes: 1 }, unhealthy: { interval: 1, tcp_failures: 1 } };
    const check = { type: 'https', https_verify_certificate: false, ...findings };
    const well = await start({ client_cert: known.cert, client_key: known.key }, { checks: { active: check } });
    const ill = await start({}, { checks: { active: check } });
    await eventually(() => expect(ill.engine.status().health.unhealthy).toBe(1), { withinMs: 3000 });
    expect(well.engine.status().health).toMatchObject({ healthy: 1, unhealthy: 0 });
  });
});
