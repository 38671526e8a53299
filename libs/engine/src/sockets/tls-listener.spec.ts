import 'reflect-metadata';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, startEngine, startUpstream } from '../testing/index.ts';

const running: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

let certificate: TestCertificate;
beforeAll(async () => {
  certificate = await createCertificate({ name: 'api.test' });
});

async function start(headTimeoutMs = 10_000) {
  const upstream = await startUpstream((_request, response) => response.end('hello'));
  const { cert, key } = certificate;
  const engine = await startEngine(
    { policies: [], limits: { headTimeoutMs } },
    {
      revision: [
        resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
        resource('ssl', 'c1', { sni: 'api.test', cert, key }),
      ],
    },
  );
  running.push(
    () => upstream.stop(),
    () => engine.stop(),
  );
  const { port } = await engine.engine.listenHttps({ port: 0 });
  return { port, openCount: () => engine.engine.status().connections, stop: () => engine.stop() };
}

/** Writes, and tells how the connection ends. */
async function closedAfter(port: number, ...parts: Buffer[]): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  socket.resume();
  for (const part of parts) socket.write(part);
  await new Promise((resolve) => socket.once('close', resolve));
}

/** A client whose bytes go through in pieces of `size`. */
async function askInPieces(port: number, size: number): Promise<string> {
  const pipe = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true });
    let passing: Promise<void> = Promise.resolve();
    near.on('data', (bytes: Buffer) => {
      passing = passing.then(() => writePieces(far, bytes, size));
    });
    far.on('data', (bytes) => near.write(bytes));
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => pipe.listen(0, '127.0.0.1', resolve));
  running.push(() => void pipe.close());
  const socket = connectTls({
    port: (pipe.address() as AddressInfo).port,
    host: '127.0.0.1',
    servername: 'api.test',
    ca: certificate.cert,
  });
  socket.write('GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const bytes of socket) text += String(bytes);
  return text;
}

/** A client that ends its side together with its request. */
async function askAndEnd(port: number, request: string): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', servername: 'api.test', ca: certificate.cert });
  socket.allowHalfOpen = true;
  socket.end(request);
  let text = '';
  for await (const bytes of socket) text += String(bytes);
  return text;
}

async function writePieces(socket: Socket, bytes: Buffer, size: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise<void>((resolve) => socket.write(bytes.subarray(at, at + size), () => setImmediate(resolve)));
  }
}

describe('a TLS port', () => {
  it.each([1, 7, 300])('understands clients whose bytes come in pieces of %i', async (size) => {
    const { port } = await start();
    expect(await askInPieces(port, size)).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
  });

  it.each([
    ['no body', 'GET / HTTP/1.1\r\nHost: api.test\r\n\r\n'],
    ['a body', 'POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 5\r\n\r\nhello'],
    ['chunks', 'POST / HTTP/1.1\r\nHost: api.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
  ])(
    'answers clients that have said everything, their end included, at once: a request with %s',
    async (_, request) => {
      const { port } = await start();
      const answers = await Promise.all(Array.from({ length: 20 }, () => askAndEnd(port, request)));
      for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 .*hello$/s);
    },
  );

  it.each([
    ['a body', 'POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 50\r\n\r\nhello'],
    ['chunks', 'POST / HTTP/1.1\r\nHost: api.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5'],
  ])('closes when a client ends in the middle of %s', async (_, request) => {
    const { port, openCount } = await start();
    expect(await askAndEnd(port, request)).toBe('');
    await eventually(() => expect(openCount()).toBe(0), { withinMs: 2000 });
  });

  it('keeps no place for connections whose handshake fails, is given up or is not begun', async () => {
    const { port, openCount } = await start(200);
    await closedAfter(port, Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await closedAfter(port, Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0]));
    await closedAfter(port, Buffer.from([22, 3, 1]));
    await closedAfter(port);
    const unknown = connectTls({ port, servername: 'other.test', rejectUnauthorized: false });
    await new Promise((resolve) => unknown.once('error', resolve));
    const distrusting = connectTls({ port, servername: 'api.test' });
    await new Promise((resolve) => distrusting.once('error', resolve));
    const leaving = connect(port, '127.0.0.1', () => leaving.destroy());
    await eventually(() => expect(openCount()).toBe(0), { withinMs: 3000 });
  });

  it('lets go of connections in the middle of their first message when the engine closes', async () => {
    const { port, openCount, stop } = await start();
    const closed = closedAfter(port, Buffer.from([22, 3, 1]));
    await eventually(() => expect(openCount()).toBe(1), { withinMs: 2000 });
    await stop();
    await closed;
    expect(openCount()).toBe(0);
  });
});
