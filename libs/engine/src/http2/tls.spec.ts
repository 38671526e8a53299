import { once } from 'node:events';
import { type ClientHttp2Session, connect, createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { resource, send, sendHttp2, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { createTestCertificate, type TestCertificate } from '../testing/test-certificate.ts';

let certificate: TestCertificate;
beforeAll(async () => {
  certificate = await createTestCertificate('one.test');
});

describe('a client over TLS', () => {
  async function start(): Promise<{ port: number; engine: TestEngine }> {
    const upstream = await keep(startUpstream());
    const revision = [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } })];
    const ssl = resource('ssl', 'c1', { sni: 'one.test', ...certificate });
    const engine = await keep(
      startEngine(
        { policies: [] },
        { id: 'g1', hosts: ['one.test'], revision, access: [ssl] },
        { id: 'g2', hosts: ['two.test'], revision },
      ),
    );
    const { port } = await engine.engine.listenHttps({ port: 0 });
    return { port, engine };
  }

  async function open(port: number): Promise<ClientHttp2Session> {
    const session = connect(`https://one.test:${port}`, {
      createConnection: () =>
        connectTls({ host: '127.0.0.1', port, servername: 'one.test', ca: certificate.cert, ALPNProtocols: ['h2'] }),
    });
    onTestFinished(() => session.destroy());
    session.on('error', () => undefined);
    await once(session, 'connect');
    return session;
  }

  it('that offers h2 speaks HTTP/2, and its upstream hears https', async () => {
    const { port } = await start();
    const answer = await sendHttp2(await open(port), '/x', { headers: { ':authority': 'one.test' } });
    expect(answer.json()).toMatchObject({
      url: '/x',
      headers: { host: 'one.test', 'x-forwarded-proto': 'https', 'x-forwarded-port': String(port) },
    });
  });

  it.each([
    [['http/1.1'], 'http/1.1'],
    [['h2', 'http/1.1'], 'h2'],
    [undefined, false],
  ])('that offers %s gets %s', async (offered, agreed) => {
    const { port } = await start();
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      servername: 'one.test',
      ca: certificate.cert,
      ...(offered === undefined ? {} : { ALPNProtocols: offered }),
    });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(agreed);
    socket.destroy();
  });

  it('that asks for a host of another group is answered 421, and its connection goes on', async () => {
    const { port, engine } = await start();
    const session = await open(port);
    expect(await sendHttp2(session, '/', { headers: { ':authority': 'two.test' } })).toMatchObject({ status: 421 });
    expect(await sendHttp2(session, '/', { headers: { ':authority': 'one.test' } })).toMatchObject({ status: 200 });
    expect(engine.engine.status().callsCounted).toBe(1);
  });

  it('that sends the preface without having agreed to h2 is refused', async () => {
    const { port } = await start();
    const socket = connectTls({ host: '127.0.0.1', port, servername: 'one.test', ca: certificate.cert });
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1.1 505 /);
  });
});

describe('an upstream with scheme grpcs', () => {
  async function startSecure(server: Http2SecureServer | Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const scheme = 'grpcs';

  it('is spoken to in HTTP/2 over TLS', async () => {
    const server = createSecureServer(certificate);
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(`${headers[':scheme']} ${headers[':path']}`);
    });
    const { port } = await startRouteTo({ address: await startSecure(server), scheme });
    expect((await send(port, '/x')).text).toBe('https /x');
  });

  it('that speaks only HTTP/1.1 is answered 502', async () => {
    const server = createTlsServer({ ...certificate, ALPNProtocols: ['http/1.1'] }, (_request, response) =>
      response.end(),
    );
    const { port } = await startRouteTo({ address: await startSecure(server), scheme });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
    server.closeAllConnections();
  });
});
