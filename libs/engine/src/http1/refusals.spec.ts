import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  resource,
  send,
  sendRaw,
  socketKinds,
  startEngine,
  startUpstream,
  type TestEngine,
  type TestUpstream,
} from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';

describe.each(socketKinds)('on %s sockets', (sockets) => {
  let upstream: TestUpstream;
  let engine: TestEngine;

  beforeAll(async () => {
    upstream = await startUpstream();
    const route = resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } });
    engine = await startEngine(
      { policies: [], sockets, limits: { headTimeoutMs: 100, bodyStallMs: 100, bodyLimitBytes: 1000 } },
      { revision: [route], hosts: ['a', 'api.test'] },
      { id: 'g2', revision: [route], hosts: ['apisix.test'], settings: { errorFormat: 'apisix' } },
    );
  });
  afterAll(async () => {
    await engine.stop();
    await upstream.stop();
  });

  const malformed: Record<string, string> = {
    'both framings': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a repeated length': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde',
    'a signed length': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde',
    'a list of lengths': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5,5\r\n\r\nabcde',
    'an unknown coding': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    'a second coding': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'a space before the colon': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    'a vertical tab': 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n',
    'a coding in HTTP/1.0': 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a folded header': 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n',
    'bare line feeds': 'GET / HTTP/1.1\nHost: a\n\n',
    'one bare line feed': 'GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n',
    'a bare carriage return': 'GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n',
    'a NUL': 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n',
    'no host': 'GET / HTTP/1.1\r\n\r\n',
    'two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    'a host with a path': 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n',
    'an unknown version': 'GET / HTTP/1.2\r\nHost: a\r\n\r\n',
    'an absolute form of another authority': 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
    CONNECT: 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
    'a framing header named by Connection':
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  };

  describe('a request with', () => {
    it.each(Object.entries(malformed))('%s is refused, closed and never forwarded', async (_name, request) => {
      const before = upstream.requests.length;
      expect(await sendRaw(engine.port, request)).toMatch(/^HTTP\/1.1 [45]\d\d /);
      expect(upstream.requests).toHaveLength(before);
    });

    it.each([
      ['a malformed chunk size', 'xyz\r\n'],
      ['a chunk that ends in a bare line feed', '1\na\r\n0\r\n\r\n'],
    ])('%s does not become a complete request', async (_name, body) => {
      const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
      expect(await sendRaw(engine.port, head + body)).not.toMatch(/^HTTP\/1.1 200 /);
    });

    it('an absolute form equal to Host is served', async () => {
      const raw = await sendRaw(engine.port, 'GET http://a/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      expect(raw).toMatch(/^HTTP\/1.1 200 /);
      expect(raw).toContain('"url":"/x?y"');
    });

    it('an unknown host is answered 404 and is no call', async () => {
      const counted = engine.engine.status().callsCounted;
      const answer = await send(engine.port, '/', { host: 'nobody.test' });
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({ status: 404, code: 'gateway.host_unknown' });
      expect(engine.engine.status().callsCounted).toBe(counted);
    });

    it('an Expect that nobody knows is answered 417', async () => {
      expect((await send(engine.port, '/', { headers: { expect: 'the-impossible' } })).status).toBe(417);
    });
  });

  describe('a limit', () => {
    it('on the head answers 431', async () => {
      const raw = await sendRaw(engine.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
      expect(raw).toMatch(/^HTTP\/1.1 431 /);
      expect(raw).toContain('gateway.head_too_large');
    });

    it('on the time to a complete head answers 408', async () => {
      expect(await sendRaw(engine.port, 'GET / HTTP/1.1\r\nHost: a\r\nX')).toMatch(/^HTTP\/1.1 408 /);
    });

    it('on the body answers 413 by its length, without asking the upstream', async () => {
      const before = upstream.requests.length;
      const answer = await send(engine.port, '/', { method: 'POST', body: 'x'.repeat(1001) });
      expect(answer.json()).toMatchObject({ status: 413, code: 'gateway.body_too_large' });
      expect(upstream.requests).toHaveLength(before);
    });

    it('on the body answers 413 also when the length only shows while it comes', async () => {
      const { address } = await keep(startUpstream((request) => request.resume()));
      const limited = await startRouteTo({ address }, { sockets, limits: { bodyLimitBytes: 1000 } });
      const head = 'POST / HTTP/1.1\r\nHost: api.test\r\nTransfer-Encoding: chunked\r\n\r\n';
      const raw = await sendRaw(limited.port, head, `${(2000).toString(16)}\r\n${'x'.repeat(2000)}\r\n`);
      expect(raw).toMatch(/^HTTP\/1.1 413 /);
    });

    it('on the time between pieces of a body answers 408', async () => {
      const { address } = await keep(startUpstream((request) => request.resume()));
      const limited = await startRouteTo({ address }, { sockets, limits: { bodyStallMs: 50 } });
      const raw = await sendRaw(limited.port, 'POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 10\r\n\r\nabc');
      expect(raw).toMatch(/^HTTP\/1.1 408 /);
    });
  });

  describe('an error', () => {
    it('has the form of APISIX in groups that ask for it', async () => {
      const missing = await send(engine.port, '/x', { host: 'apisix.test', method: 'POST', body: 'x'.repeat(1001) });
      expect(missing.status).toBe(413);
      expect(missing.json()).toHaveProperty('message');
    });

    it('is a problem document with every member otherwise', async () => {
      const answer = await send(engine.port, '/x', { method: 'POST', body: 'x'.repeat(1001) });
      expect(answer.json()).toEqual({
        type: '/docs/errors#gateway-body_too_large',
        title: 'The request body is too large',
        detail: 'The request body is too large',
        status: 413,
        instance: '/x',
        code: 'gateway.body_too_large',
        requestId: answer.headers['x-request-id'],
      });
    });
  });
});
