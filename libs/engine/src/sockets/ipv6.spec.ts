import 'reflect-metadata';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, socketKinds, startEngine, type TestEngine } from '../testing/index.ts';

beforeAll(() => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  if (!addresses.some(({ address }) => address === '::1')) {
    throw new Error('IPv6 is off here: enable it with `sysctl -w net.ipv6.conf.lo.disable_ipv6=0` and try again');
  }
});

describe.each(socketKinds)('IPv6, on %s sockets', (sockets) => {
  const running: (() => Promise<unknown>)[] = [];
  let certificate: TestCertificate;
  beforeAll(async () => {
    certificate = await createCertificate({ name: 'api.test' });
  });
  afterEach(async () => {
    for (const stop of running.splice(0).reverse()) await stop();
  });

  async function startUpstreamOn(host: string): Promise<string> {
    const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
      const { 'x-forwarded-for': client, 'x-forwarded-host': forwardedHost, host: own } = incoming.headers;
      response.end(JSON.stringify({ client, forwardedHost, host: own }));
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    running.push(() => new Promise((resolve) => server.close(resolve)));
    running.push(async () => server.closeAllConnections());
    const { port } = server.address() as AddressInfo;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  async function start(hosts: string[], route: Record<string, unknown>): Promise<TestEngine> {
    const { cert, key } = certificate;
    const engine = await startEngine(
      { policies: [], sockets },
      {
        hosts,
        revision: [
          resource('route', 'r1', { uri: '/*', ...route }),
          resource('ssl', 'c1', { sni: 'api.test', cert, key }),
        ],
      },
    );
    running.push(() => engine.stop());
    return engine;
  }

  async function ask(target: { host: string; port: number }, hostField: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...target, headers: { host: hostField }, agent: false }, (answer) => {
        let text = '';
        answer.on('data', (data: Buffer) => (text += data.toString()));
        answer.once('end', () => resolve({ status: answer.statusCode, ...(JSON.parse(text) as object) }));
      });
      outgoing.once('error', reject);
      outgoing.end();
    });
  }

  it('is listened on, and upstreams are reached over it', async () => {
    const address = await startUpstreamOn('::1');
    const engine = await start(['api.test'], { upstream: { nodes: { [address]: 1 }, pass_host: 'node' } });
    const listener = await engine.engine.listenHttp({ host: '::1', port: 0 });
    expect(listener.host).toBe('::1');
    expect(await ask(listener, 'api.test')).toMatchObject({ status: 200, client: '::1', host: address });
  });

  it('nodes may be listed with a bare address', async () => {
    const address = await startUpstreamOn('::1');
    const node = { host: '::1', port: Number(address.split(']:')[1]), weight: 1 };
    const engine = await start(['api.test'], { upstream: { nodes: [node] } });
    expect(await ask({ host: '127.0.0.1', port: engine.port }, 'api.test')).toMatchObject({ status: 200 });
  });

  it('a host may be an address, with and without a port', async () => {
    const address = await startUpstreamOn('127.0.0.1');
    const engine = await start(['[::1]'], { upstream: { nodes: { [address]: 1 } } });
    const listener = await engine.engine.listenHttp({ host: '::1', port: 0 });
    expect(await ask(listener, '[::1]')).toMatchObject({ status: 200, host: '[::1]' });
    expect(await ask(listener, `[::1]:${listener.port}`)).toMatchObject({
      status: 200,
      host: `[::1]:${listener.port}`,
    });
    expect(await ask(listener, '[::2]:80')).toMatchObject({ code: 'gateway.host_unknown' });
  });

  it('one socket serves both families, and IPv4 clients are shown as such', async () => {
    const address = await startUpstreamOn('127.0.0.1');
    const engine = await start(['api.test'], { remote_addr: '127.0.0.0/8', upstream: { nodes: { [address]: 1 } } });
    const { port } = await engine.engine.listenHttp({ host: '::', port: 0 });
    expect(await ask({ host: '127.0.0.1', port }, 'api.test')).toMatchObject({ status: 200, client: '127.0.0.1' });
    expect(await ask({ host: '::1', port }, 'api.test')).toMatchObject({ status: 404 });
  });

  it('is served over TLS', async () => {
    const address = await startUpstreamOn('::1');
    const engine = await start(['api.test'], { upstream: { nodes: { [address]: 1 } } });
    const { port } = await engine.engine.listenHttps({ host: '::', port: 0 });
    for (const host of ['::1', '127.0.0.1']) {
      const socket = connectTls({ socket: connect(port, host), servername: 'api.test', ca: certificate.cert });
      socket.write('GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const data of socket) text += String(data);
      expect(text).toContain(`"client":"${host}"`);
    }
  });

  it('a node that refuses is passed over for one of the other family', async () => {
    const address = await startUpstreamOn('::1');
    const engine = await start(['api.test'], {
      upstream: {
        nodes: [
          { host: '127.0.0.1', port: Number(address.split(']:')[1]), weight: 1, priority: 1 },
          { host: '::1', port: Number(address.split(']:')[1]), weight: 1 },
        ],
      },
    });
    expect(await ask({ host: '127.0.0.1', port: engine.port }, 'api.test')).toMatchObject({ status: 200 });
  });
});
