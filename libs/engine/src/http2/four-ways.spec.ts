import { createHash, randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http2';
import { text } from 'node:stream/consumers';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import {
  collectHttp2,
  send,
  sendHttp2,
  sendRaw,
  socketKinds,
  startUpstream,
  type StreamListener,
  type TestEngine,
} from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { openTo, startStreams } from './testing/http2-scene.ts';

function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

describe.each(socketKinds)('on %s sockets', (sockets) => {
  const echoStream: StreamListener = (stream) => {
    stream.respond({ ':status': 200 });
    stream.pipe(stream);
  };

  describe('HTTP/2 to HTTP/1.1', () => {
    it('reaches the upstream with its path, query, fields and who calls', async () => {
      const upstream = await keep(startUpstream());
      const { port } = await startRouteTo({ address: upstream.address }, { sockets });
      const session = await openTo({ port });
      const answer = await sendHttp2(session, '/x?a=1', {
        headers: { 'x-own': 'v', cookie: ['a=1', 'b=2'], 'x-forwarded-for': '6.6.6.6', te: 'trailers' },
      });
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({
        method: 'GET',
        url: '/x?a=1',
        headers: {
          'x-own': 'v',
          host: 'api.test',
          cookie: 'a=1; b=2',
          'x-real-ip': '127.0.0.1',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'http',
          'x-forwarded-host': 'api.test',
          'x-forwarded-port': String(port),
          'x-request-id': answer.headers['x-request-id'],
        },
      });
      expect(Object.keys((answer.json() as { headers: object }).headers)).not.toContain('te');
      expect(answer.headers).not.toHaveProperty('transfer-encoding');
      expect(answer.headers).not.toHaveProperty('connection');
    });

    it.each([[true], [false]])('carries 5 MB both ways unchanged (length told: %s)', async (isLengthTold) => {
      const upstream = await keep(
        startUpstream((request, response) => {
          response.setHeader('x-te', request.headers['transfer-encoding'] ?? 'none');
          request.pipe(response);
        }),
      );
      const { port } = await startRouteTo({ address: upstream.address }, { sockets });
      const body = randomBytes(5_000_000);
      const answer = await sendHttp2(await openTo({ port }), '/', {
        body,
        headers: isLengthTold ? { 'content-length': body.length } : {},
      });
      expect(answer.headers['x-te']).toBe(isLengthTold ? 'none' : 'chunked');
      expect(md5(answer.body)).toBe(md5(body));
    });

    it('passes on trailers of the chunked coding', async () => {
      const upstream = await keep(
        startUpstream((_request, response) => {
          response.writeHead(200, { trailer: 'x-sum, x-more' });
          response.write('abc');
          response.addTrailers({ 'x-sum': '1', 'x-more': '2', 'content-type': 'text/html' });
          response.end();
        }),
      );
      const { port } = await startRouteTo({ address: upstream.address }, { sockets });
      const answer = await sendHttp2(await openTo({ port }), '/');
      expect([answer.text, answer.trailers]).toMatchObject(['abc', { 'x-sum': '1', 'x-more': '2' }]);
      expect(answer.trailers).not.toHaveProperty('content-type');
    });
  });

  describe('HTTP/1.1 to HTTP/2', () => {
    it('reaches the upstream with its path, query, fields and who calls', async () => {
      const upstream = await startStreams();
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const answer = await send(port, '/x?a=1', {
        headers: { 'X-Own': 'v', te: 'trailers', connection: 'x-hop', 'x-hop': '1' },
      });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ 'transfer-encoding': 'chunked', 'content-type': 'application/json' });
      expect(answer.json()).toMatchObject({
        ':method': 'GET',
        ':path': '/x?a=1',
        ':scheme': 'http',
        ':authority': 'api.test',
        'x-own': 'v',
        te: 'trailers',
        'x-real-ip': '127.0.0.1',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': String(port),
        'x-request-id': answer.headers['x-request-id'],
      });
      expect(answer.json()).not.toHaveProperty('x-hop');
      expect(answer.json()).not.toHaveProperty('host');
    });

    it.each([[true], [false]])('carries 5 MB both ways unchanged (length told: %s)', async (isLengthTold) => {
      const upstream = await startStreams(echoStream);
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const body = randomBytes(2_500_000).toString('hex');
      const framing: Record<string, string> = isLengthTold
        ? { 'content-length': String(body.length) }
        : { 'transfer-encoding': 'chunked' };
      const answer = await send(port, '/', { method: 'POST', body, headers: framing });
      expect(md5(answer.text)).toBe(md5(body));
      expect(upstream.requests[0]?.['content-length']).toBe(isLengthTold ? String(body.length) : undefined);
    });

    it('tells a length that the upstream tells', async () => {
      const upstream = await startStreams((stream) => {
        stream.respond({ ':status': 201, 'content-length': 5 });
        stream.end('hello');
      });
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const answer = await send(port, '/');
      expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([201, 'hello', '5']);
    });

    it.each([
      ['passes trailers on to a client that takes them', 'TE: trailers\r\n', /\r\n0\r\nx-sum: 1\r\n\r\n$/],
      ['drops trailers for a client that does not', '', /\r\n0\r\n\r\n$/],
    ])('%s', async (_name, te, end) => {
      const upstream = await startStreams((stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        stream.end('abc');
      });
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const raw = await sendRaw(port, `GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n${te}\r\n`);
      expect(raw).toMatch(end);
    });
  });

  describe('HTTP/2 to HTTP/2', () => {
    it('reaches the upstream with its path, query, fields and who calls', async () => {
      const upstream = await startStreams();
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const answer = await sendHttp2(await openTo({ port }), '/x?a=1', {
        headers: { te: 'trailers', cookie: ['a=1', 'b=2'], 'x-request-id': 'mine' },
      });
      expect(answer.headers).toMatchObject({ ':status': 200, 'x-request-id': 'mine' });
      expect(answer.json()).toMatchObject({
        ':path': '/x?a=1',
        ':authority': 'api.test',
        te: 'trailers',
        cookie: 'a=1; b=2',
        'x-real-ip': '127.0.0.1',
        'x-request-id': 'mine',
      });
    });

    it('carries 5 MB both ways unchanged, and trailers behind it', async () => {
      const upstream = await startStreams((stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'yes', 'x-list': ['a', 'b'] }));
        stream.pipe(stream);
      });
      const { port } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      const body = randomBytes(5_000_000);
      const answer = await sendHttp2(await openTo({ port }), '/', { body });
      expect(md5(answer.body)).toBe(md5(body));
      expect(answer.trailers).toMatchObject({ 'x-sum': 'yes', 'x-list': 'a, b' });
    });

    it('counts bytes in and out', async () => {
      const upstream = await startStreams(echoStream);
      const { port, engine } = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
      await sendHttp2(await openTo({ port }), '/', { body: 'x'.repeat(1000) });
      await eventually(() => expect(engine.status().callsCounted).toBe(1), { withinMs: 2000 });
      expect(engine.drainLedger()).toMatchObject([{ routeId: 'r1', status: 200, bytesIn: 1000, bytesOut: 1000 }]);
    });
  });

  describe.each(['http', 'grpc'])('trailers of a request, to an upstream with scheme %s,', (scheme) => {
    const said = { 'x-sum': '1', 'x-more': ['2', '3'], authorization: 'Bearer x', 'x-forwarded-for': '6.6.6.6' };
    const passed = { body: 'hello', trailers: { 'x-sum': '1', 'x-more': '2, 3' } };
    const nothing = { body: 'hello', trailers: {} };

    /** An upstream that answers with what it got behind the head. */
    async function startTelling(): Promise<TestEngine> {
      const upstream =
        scheme === 'http'
          ? await keep(
              startUpstream((request, response) => {
                void text(request).then((body) => response.end(JSON.stringify({ body, trailers: request.trailers })));
              }),
            )
          : await startStreams((stream) => {
              let trailers: object = {};
              stream.on('trailers', (fields: object) => (trailers = { ...fields }));
              stream.respond({ ':status': 200 });
              void text(stream).then((body) => stream.end(JSON.stringify({ body, trailers })));
            });
      return startRouteTo({ address: upstream.address, scheme }, { sockets });
    }

    async function sendWithTrailers(port: number, trailers: OutgoingHttpHeaders, headers: OutgoingHttpHeaders = {}) {
      const stream = (await openTo({ port })).request(
        { ':path': '/', ':method': 'POST', ':authority': 'api.test', ...headers },
        { waitForTrailers: true },
      );
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.write('hel');
      stream.end('lo');
      return (await collectHttp2(stream)).json();
    }

    it('pass from HTTP/2, but for those that may not be said there', async () => {
      const { port } = await startTelling();
      expect(await sendWithTrailers(port, said)).toEqual(passed);
      expect(await sendWithTrailers(port, {})).toEqual(nothing);
    });

    it('pass from HTTP/2 with a length that is told as far as the upstream can take them', async () => {
      const { port } = await startTelling();
      const got = await sendWithTrailers(port, said, { 'content-length': 5 });
      expect(got).toEqual(scheme === 'http' ? nothing : passed);
    });

    it('pass from the chunked coding, but for those that may not be said there', async () => {
      const { port } = await startTelling();
      const head = 'POST / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
      const lines = Object.entries(said).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`));
      const ask = async (...trailers: string[]): Promise<unknown> => {
        const raw = await sendRaw(port, head, '3\r\nhel\r\n', `2\r\nlo\r\n0\r\n${trailers.join('')}\r\n`);
        return JSON.parse(/\{.*\}/.exec(raw)?.[0] ?? 'null');
      };
      expect(await ask(...lines)).toEqual(passed);
      expect(await ask()).toEqual(nothing);
    });

    it('are dropped when they are too long, and the request is not', async () => {
      const { port } = await startTelling();
      expect(await sendWithTrailers(port, { 'x-long': 'x'.repeat(9_000) })).toEqual(nothing);
    });
  });

  describe.each(['http', 'grpc'])('an answer of an upstream with scheme %s', (scheme) => {
    async function startAnswering(status: number, headers: Record<string, string>): Promise<TestEngine> {
      const upstream =
        scheme === 'http'
          ? await keep(startUpstream((_request, response) => response.writeHead(status, headers).end()))
          : await startStreams((stream) => {
              stream.respond({ ':status': status, ...headers }, { endStream: true });
            });
      return startRouteTo({ address: upstream.address, scheme }, { sockets });
    }

    it.each([
      ['HEAD', 200, { 'content-length': '500' }],
      ['GET', 204, {}],
      ['GET', 304, { etag: '"x"' }],
    ])('to %s with status %i has no body', async (method, status, headers) => {
      const { port } = await startAnswering(status, headers);
      const over2 = await sendHttp2(await openTo({ port }), '/', { headers: { ':method': method } });
      expect([over2.status, over2.text]).toEqual([status, '']);
      expect(over2.headers).toMatchObject(headers);
      const over1 = await send(port, '/', { method });
      expect([over1.status, over1.text]).toEqual([status, '']);
      expect(over1.headers).toMatchObject(headers);
    });

    it('without content is one without content', async () => {
      const { port } = await startAnswering(200, { 'x-own': '1' });
      expect(await sendHttp2(await openTo({ port }), '/')).toMatchObject({ status: 200, text: '' });
      expect(await send(port, '/')).toMatchObject({ status: 200, text: '', headers: { 'x-own': '1' } });
    });
  });
});
