import 'reflect-metadata';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AddressSet } from '../matching/address-set.ts';
import type { NoiseReason } from '../metrics.ts';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, socketKinds, startEngine, startUpstream } from '../testing/index.ts';
import { version2 } from './testing/version-2-header.ts';

const loopback = new AddressSet(['127.0.0.1']);
const request = 'GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n';

describe.each(socketKinds)('behind a proxy, on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  let certificate: TestCertificate;
  beforeAll(async () => {
    certificate = await createCertificate({ name: 'api.test' });
  });
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  async function start({ proxies = loopback, proxyHeaderTimeoutMs = 5000 } = {}) {
    const upstream = await startUpstream((incoming, response) => {
      response.end(`client ${String(incoming.headers['x-forwarded-for'])}`);
    });
    const noise: NoiseReason[] = [];
    const metrics = {
      observe: () => undefined,
      failure: () => undefined,
      noise: (reason: NoiseReason) => noise.push(reason),
    };
    const { cert, key } = certificate;
    const engine = await startEngine(
      { policies: [], sockets, metrics, limits: { proxyHeaderTimeoutMs } },
      {
        revision: [
          resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } }),
          resource('ssl', 'c1', { sni: 'api.test', cert, key }),
        ],
      },
    );
    running.push(upstream, engine);
    const { port: httpPort } = await engine.engine.listenHttp({ port: 0, proxies });
    const { port: httpsPort } = await engine.engine.listenHttps({ port: 0, proxies });
    return { engine, noise, httpPort, httpsPort };
  }

  async function everything(socket: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    return new Promise((resolve) => socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1'))));
  }

  async function answerTo(port: number, ...parts: readonly (Buffer | string)[]): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const answer = everything(socket);
    const writeFrom = (index: number): void => {
      const part = parts[index];
      if (part !== undefined) socket.write(part, () => setImmediate(writeFrom, index + 1));
    };
    socket.once('connect', () => writeFrom(0));
    return answer;
  }

  async function secureAnswerTo(port: number, header: Buffer, splitAt: number): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.write(header.subarray(0, splitAt));
    await new Promise(setImmediate);
    socket.write(header.subarray(splitAt));
    const secure = connectTls({ socket, servername: 'api.test', ca: certificate.cert }, () => secure.write(request));
    return everything(secure);
  }

  const version1 = Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 56324 80\r\n');

  it.each([
    ['1', version1],
    ['2', version2({ source: '203.0.113.7', withChecksum: true })],
  ])('the client of a header of version %s is the peer, wherever the bytes are split', async (_, header) => {
    const { httpPort } = await start();
    const bytes = Buffer.concat([header, Buffer.from(request)]);
    const cuts = Array.from({ length: bytes.length }, (__, at) => at);
    const answers = await Promise.all(cuts.map((at) => answerTo(httpPort, bytes.subarray(0, at), bytes.subarray(at))));
    expect(answers.filter((answer) => !answer.endsWith('client 203.0.113.7'))).toEqual([]);
    expect(await answerTo(httpPort, ...[...bytes].map((byte) => Buffer.from([byte])))).toMatch(
      /client 203\.0\.113\.7$/,
    );
  });

  it('a header before TLS is read, wherever its bytes are split', async () => {
    const { httpsPort } = await start();
    const header = version2({ source: '2001:db8::7' });
    for (let at = 0; at <= header.length; at += 4) {
      expect(await secureAnswerTo(httpsPort, header, at)).toMatch(/client 2001:db8::7$/);
    }
  });

  it('connections of the proxy itself keep its address', async () => {
    const { httpPort } = await start();
    const local = version2({ source: '203.0.113.7', command: 0 });
    expect(await answerTo(httpPort, Buffer.concat([local, Buffer.from(request)]))).toMatch(/client 127\.0\.0\.1$/);
    expect(await answerTo(httpPort, `PROXY UNKNOWN\r\n${request}`)).toMatch(/client 127\.0\.0\.1$/);
  });

  it('requests after the first one are of the same client', async () => {
    const { httpPort } = await start();
    const first = request.replace('close', 'keep-alive');
    const answer = await answerTo(httpPort, version1, first, request);
    expect(answer.match(/client 203\.0\.113\.7/g)).toHaveLength(2);
  });

  it('connections without a header, or with a bad one, are closed unanswered', async () => {
    const { httpPort, httpsPort, noise } = await start();
    expect(await answerTo(httpPort, request)).toBe('');
    expect(await answerTo(httpPort, 'PROXY TCP4 nobody nowhere 1 2\r\n', request)).toBe('');
    expect(await secureAnswerTo(httpsPort, Buffer.alloc(0), 0)).toBe('');
    expect(noise).toEqual(['proxy-header', 'proxy-header', 'proxy-header']);
  });

  it('connections of others are closed, with and without a header', async () => {
    const { httpPort, httpsPort, noise } = await start({ proxies: new AddressSet(['192.0.2.0/24']) });
    expect(await answerTo(httpPort, version1, request)).toBe('');
    expect(await answerTo(httpPort, request)).toBe('');
    expect(await secureAnswerTo(httpsPort, version1, 0)).toBe('');
    expect(noise).toEqual(['proxy-untrusted', 'proxy-untrusted', 'proxy-untrusted']);
  });

  it('a header that does not come in time, or at all, ends the connection', async () => {
    const { httpPort, httpsPort, noise } = await start({ proxyHeaderTimeoutMs: 100 });
    expect(await answerTo(httpPort, version1.subarray(0, 10))).toBe('');
    expect(await everything(connect(httpsPort, '127.0.0.1'))).toBe('');
    const socket = connect(httpPort, '127.0.0.1');
    socket.end('PROXY ');
    expect(await everything(socket)).toBe('');
    expect(noise).toEqual(['proxy-header', 'proxy-header', 'proxy-header']);
  });

  it('where it is not spoken, a header is no request', async () => {
    const { engine, noise } = await start();
    expect(await answerTo(engine.port, version1, request)).toMatch(/^HTTP\/1\.1 400 /);
    expect(noise).toEqual(['bad-head']);
  });

  it('connections whose header is still coming end when the engine closes', async () => {
    const { engine, httpPort, noise } = await start();
    const socket = connect(httpPort, '127.0.0.1');
    const answer = everything(socket);
    socket.write('PROXY');
    await eventually(() => expect(engine.engine.status().connections).toBe(1), { withinMs: 2000 });
    await engine.stop();
    expect(await answer).toBe('');
    expect(noise).toEqual([]);
  });
});
