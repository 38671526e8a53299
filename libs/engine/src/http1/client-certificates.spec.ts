import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, startEngine, startUpstream } from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

let server: TestCertificate;
let authority: TestCertificate;
let between: TestCertificate;
let client: TestCertificate;
let deepClient: TestCertificate;
let strangerClient: TestCertificate;
beforeAll(async () => {
  server = await createCertificate({ name: '*.one.test' });
  authority = await createCertificate({ name: 'authority', isAuthority: true });
  between = await createCertificate({ name: 'between', isAuthority: true, issuedBy: authority });
  client = await createCertificate({ name: 'client', issuedBy: authority });
  deepClient = await createCertificate({ name: 'deep', issuedBy: between });
  strangerClient = await createCertificate({
    name: 'stranger',
    issuedBy: await createCertificate({ name: 'authority', isAuthority: true }),
  });
});

const serverSsl = (id: string, snis: string[], more: Record<string, unknown> = {}) =>
  resource('ssl', id, { snis, cert: server.cert, key: server.key, ...more });

async function start(...ssls: GatewayResource[]) {
  const upstream = await startUpstream((request, response) => response.end(String(request.headers['x-seen'])));
  const route = { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } };
  const engine = await startEngine(
    { policies: [] },
    { hosts: ['*.one.test'], revision: [resource('route', 'r1', route), ...ssls] },
  );
  running.push(upstream, engine);
  const { port: httpsPort } = await engine.engine.listenHttps({ port: 0 });
  return { engine: engine.engine, httpsPort, put: (...put: GatewayResource[]) => engine.apply('revision', put) };
}

/** A connection, and what is sent on it gets. */
class Client {
  readonly socket: TLSSocket;
  #text = '';
  #isClosed = false;

  constructor(port: number, servername: string, options: ConnectionOptions = {}) {
    this.socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false, ...options });
    this.socket.on('data', (data: Buffer) => (this.#text += data.toString()));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => (this.#isClosed = true));
    running.push({ stop: async () => void this.socket.destroy() });
  }

  async ask(host: string, path = '/'): Promise<string> {
    this.#text = '';
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    while (!this.#isClosed && !/\r\n\r\n.+$/s.test(this.#text)) {
      await new Promise((resolve) => this.socket.once('data', resolve).once('close', resolve));
    }
    return this.#text.split(' ')[1] ?? 'closed';
  }
}

const certificateOf = ({ cert, key }: TestCertificate) => ({ cert, key });

describe('a host that demands certificates of its clients', () => {
  const demanding = (more: Record<string, unknown> = {}) =>
    serverSsl('mutual', ['a.one.test'], { client: { ca: authority.cert, ...more } });

  it('serves who shows one of its authority, and refuses everybody else with 400, counted as a call', async () => {
    const { httpsPort, engine } = await start(demanding(), serverSsl('plain', ['*.one.test']));
    const known = new Client(httpsPort, 'a.one.test', certificateOf(client));
    expect(await known.ask('a.one.test')).toBe('200');
    expect(await known.ask('a.one.test')).toBe('200');
    expect(await new Client(httpsPort, 'a.one.test').ask('a.one.test')).toBe('400');
    expect(await new Client(httpsPort, 'a.one.test', certificateOf(strangerClient)).ask('a.one.test')).toBe('400');
    const selfSigned = certificateOf(server);
    expect(await new Client(httpsPort, 'a.one.test', selfSigned).ask('a.one.test')).toBe('400');
    expect(engine.drainLedger().map(({ status, calls }) => [status, calls])).toEqual([
      [200, 2],
      [400, 3],
    ]);
  });

  it('does not make other hosts ask, and is not reached through their connections', async () => {
    const { httpsPort } = await start(demanding(), serverSsl('plain', ['*.one.test']));
    const other = new Client(httpsPort, 'b.one.test', certificateOf(client));
    expect(await other.ask('b.one.test')).toBe('200');
    expect(await other.ask('a.one.test')).toBe('400');
    const own = new Client(httpsPort, 'a.one.test', certificateOf(client));
    expect(await own.ask('b.one.test')).toBe('200');
  });

  it('is not reached with a session that another host has begun', async () => {
    const { httpsPort } = await start(demanding(), serverSsl('plain', ['*.one.test']));
    const other = new Client(httpsPort, 'b.one.test');
    const session = new Promise<Buffer>((resolve) => other.socket.once('session', resolve));
    expect(await other.ask('b.one.test')).toBe('200');
    const resumed = new Client(httpsPort, 'a.one.test', { session: await session });
    expect(await resumed.ask('a.one.test')).toBe('400');
    expect(resumed.socket.isSessionReused()).toBe(false);
  });

  it('does not take the certificate shown for another host, and resumes no sessions', async () => {
    const twin = serverSsl('twin', ['c.one.test'], { client: { ca: authority.cert } });
    const { httpsPort } = await start(demanding(), twin);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const first = new Client(httpsPort, 'a.one.test', { ...certificateOf(client), maxVersion });
      expect(await first.ask('c.one.test')).toBe('400');
      expect(await first.ask('a.one.test')).toBe('200');
      const session = first.socket.getSession();
      const again = new Client(httpsPort, 'a.one.test', { maxVersion, ...(session === undefined ? {} : { session }) });
      expect(await again.ask('a.one.test')).toBe('400');
      expect(again.socket.isSessionReused()).toBe(false);
    }
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('limits how many authorities stand between, over %s', async (maxVersion) => {
    // Chains with none to three authorities between the client and the one that is known.
    const between: TestCertificate[] = [];
    const chains = [certificateOf(client)];
    for (let count = 1; count <= 3; count++) {
      const issuedBy = between[0] ?? authority;
      between.unshift(await createCertificate({ name: `between ${count}`, isAuthority: true, issuedBy }));
      const { key, cert } = await createCertificate({ name: `client ${count}`, issuedBy: between[0]! });
      chains.push({ key, cert: [cert, ...between.map((one) => one.cert)].join('\n') });
    }
    const { httpsPort, put } = await start(demanding());
    for (const depth of [0, 1, 2]) {
      put(demanding({ depth }));
      const asked = chains.map((chain) => new Client(httpsPort, 'a.one.test', { ...chain, maxVersion }));
      const answers = await Promise.all(asked.map((asking) => asking.ask('a.one.test')));
      expect(answers).toEqual(chains.map((_, count) => (count <= depth ? '200' : '400')));
    }
    // One, unless it is told.
    put(demanding());
    expect(await new Client(httpsPort, 'a.one.test', { ...chains[1]!, maxVersion }).ask('a.one.test')).toBe('200');
    expect(await new Client(httpsPort, 'a.one.test', { ...chains[2]!, maxVersion }).ask('a.one.test')).toBe('400');
  });

  it('counts the way to its authority, whatever else is shown and in whatever order', async () => {
    const { key, cert } = deepClient;
    const other = await createCertificate({ name: 'other', isAuthority: true, issuedBy: authority });
    const shown = [cert, other.cert, authority.cert, between.cert].join('\n');
    const { httpsPort, put } = await start(demanding({ depth: 1 }));
    expect(await new Client(httpsPort, 'a.one.test', { key, cert: shown }).ask('a.one.test')).toBe('200');
    put(demanding({ depth: 0 }));
    expect(await new Client(httpsPort, 'a.one.test', { key, cert: shown }).ask('a.one.test')).toBe('400');
  });

  it('takes certificates that one of its authorities has issued itself, where no others may stand between', async () => {
    const chain = { key: deepClient.key, cert: `${deepClient.cert}\n${between.cert}` };
    const { httpsPort, put } = await start(demanding({ depth: 0 }));
    expect(await new Client(httpsPort, 'a.one.test', chain).ask('a.one.test')).toBe('400');
    expect(await new Client(httpsPort, 'a.one.test', certificateOf(client)).ask('a.one.test')).toBe('200');
    put(demanding({ depth: 1 }));
    expect(await new Client(httpsPort, 'a.one.test', chain).ask('a.one.test')).toBe('200');
  });

  it('may leave paths open', async () => {
    const { httpsPort } = await start(demanding({ skip_mtls_uri_regex: ['^/open/[a-z]+$'] }));
    const unknown = new Client(httpsPort, 'a.one.test');
    expect(await unknown.ask('a.one.test', '/open/door')).toBe('200');
    expect(await unknown.ask('a.one.test', '/open/door/x')).toBe('400');
    expect(await unknown.ask('a.one.test', '/open/../door')).toBe('400');
  });

  it('refuses connections that were made before the demand, or under other authorities', async () => {
    const { httpsPort, put } = await start(serverSsl('mutual', ['a.one.test']));
    const early = new Client(httpsPort, 'a.one.test', certificateOf(client));
    expect(await early.ask('a.one.test')).toBe('200');
    put(demanding());
    expect(await early.ask('a.one.test')).toBe('400');
    const late = new Client(httpsPort, 'a.one.test', certificateOf(client));
    expect(await late.ask('a.one.test')).toBe('200');
    put(demanding({ ca: between.cert }));
    expect(await late.ask('a.one.test')).toBe('400');
  });

  it('tells about the certificate in variables', async () => {
    const { httpsPort, put } = await start(demanding());
    const { serialNumber } = new X509Certificate(client.cert);
    const vars = [
      ['ssl_client_verify', '==', 'SUCCESS'],
      ['ssl_client_s_dn', '==', 'CN=client'],
      ['ssl_client_serial', '==', serialNumber],
      ['ssl_server_name', '==', 'a.one.test'],
    ];
    put(resource('route', 'r1', { uri: '/*', vars }));
    expect(await new Client(httpsPort, 'a.one.test', certificateOf(client)).ask('a.one.test')).toBe('503');
  });

  it('is refused as a whole when its authority or a pattern cannot be read', async () => {
    const { engine } = await start();
    const faultOf = (more: Record<string, unknown>) => {
      const result = engine.apply('g1', 'revision', { put: [demanding(more)] });
      return result.ok ? null : result.faults[0]?.pointer;
    };
    expect(faultOf({ ca: 'x'.repeat(200) })).toBe('/client/ca');
    expect(faultOf({ skip_mtls_uri_regex: ['^/ok', '('] })).toBe('/client/skip_mtls_uri_regex/1');
  });
});

describe('certificates of a host', () => {
  it('may be of several kinds, of which clients get the one that they can read', async () => {
    const rsa = await createCertificate({ name: 'a.one.test', algorithm: 'rsa' });
    const both = serverSsl('both', ['a.one.test'], { certs: [rsa.cert], keys: [rsa.key] });
    const { httpsPort } = await start(both);
    const shownTo = async (ciphers: string) => {
      const asking = new Client(httpsPort, 'a.one.test', { ciphers, maxVersion: 'TLSv1.2' });
      expect(await asking.ask('a.one.test')).toBe('200');
      return asking.socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType;
    };
    expect(await shownTo('ECDHE-ECDSA-AES128-GCM-SHA256')).toBe('ec');
    expect(await shownTo('ECDHE-RSA-AES128-GCM-SHA256')).toBe('rsa');
  });

  it('change while connections live on; new ones get the new one', async () => {
    const { httpsPort, put } = await start(serverSsl('c', ['a.one.test']));
    const before = new Client(httpsPort, 'a.one.test');
    expect(await before.ask('a.one.test')).toBe('200');
    const renewed = await createCertificate({ name: 'a.one.test' });
    put(serverSsl('c', ['a.one.test'], certificateOf(renewed)));
    const after = new Client(httpsPort, 'a.one.test');
    expect(await after.ask('a.one.test')).toBe('200');
    expect(await before.ask('a.one.test')).toBe('200');
    const shown = [before, after].map(({ socket }) => socket.getPeerX509Certificate()?.subject);
    expect(shown).toEqual(['CN=*.one.test', 'CN=a.one.test']);
  });

  it('resume sessions on every port that has the same secret, and on no other', async () => {
    const { httpsPort, engine } = await start(serverSsl('c', ['a.one.test']));
    const listen = async (ticketKeys: Uint8Array) => (await engine.listenHttps({ port: 0, ticketKeys })).port;
    const secret = Buffer.alloc(48, 1);
    const [first, second] = [await listen(secret), await listen(secret)];
    const begun = new Client(first, 'a.one.test');
    const session = new Promise<Buffer>((resolve) => begun.socket.once('session', resolve));
    expect(await begun.ask('a.one.test')).toBe('200');
    const isResumedOn = async (port: number) => {
      const client = new Client(port, 'a.one.test', { session: await session });
      expect(await client.ask('a.one.test')).toBe('200');
      return client.socket.isSessionReused();
    };
    expect([await isResumedOn(second), await isResumedOn(httpsPort)]).toEqual([true, false]);
  });

  it('come with the versions of TLS that their hosts allow', async () => {
    const { httpsPort } = await start(
      serverSsl('old', ['old.one.test'], { ssl_protocols: ['TLSv1.2', 'TLSv1.1'] }),
      serverSsl('new', ['new.one.test'], { ssl_protocols: ['TLSv1.3'] }),
      serverSsl('usual', ['*.one.test']),
    );
    const versionWith = async (servername: string, options: ConnectionOptions) => {
      const asking = new Client(httpsPort, servername, options);
      return (await asking.ask(servername)) === '200' ? asking.socket.getProtocol() : null;
    };
    const [only12, only13] = [{ maxVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }] as const;
    expect(await versionWith('old.one.test', {})).toBe('TLSv1.2');
    expect(await versionWith('old.one.test', only13)).toBeNull();
    expect(await versionWith('new.one.test', only12)).toBeNull();
    expect(await versionWith('new.one.test', {})).toBe('TLSv1.3');
    expect(await versionWith('usual.one.test', only12)).toBe('TLSv1.2');
    expect(await versionWith('usual.one.test', only13)).toBe('TLSv1.3');
  });

  it('are refused, with their place, when one does not fit its key or no version is left', async () => {
    const { engine } = await start();
    const faultOf = (more: Record<string, unknown>) => {
      const result = engine.apply('g1', 'revision', { put: [serverSsl('c', ['a.one.test'], more)] });
      return result.ok ? null : result.faults[0]?.pointer;
    };
    expect(faultOf({ certs: [client.cert], keys: [deepClient.key] })).toBe('/certs/0');
    expect(faultOf({ certs: [client.cert] })).toBe('/certs');
    expect(faultOf({ key: client.key })).toBe('/cert');
    expect(faultOf({ ssl_protocols: ['TLSv1.1'] })).toBe('/ssl_protocols');
  });
});
