import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { resource, send, sendRaw, socketKinds, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';

describe.each(socketKinds)('on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  async function start(listener?: RequestListener, route: Record<string, unknown> = {}): Promise<TestEngine> {
    const upstream = await startUpstream(listener);
    running.push(upstream);
    const engine = await startEngine(
      { policies: [], sockets },
      { revision: [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } }, ...route })] },
    );
    running.push(engine);
    return engine;
  }

  const echo: RequestListener = (request, response) => {
    response.setHeader('x-te', request.headers['transfer-encoding'] ?? 'none');
    request.pipe(response);
  };

  function md5(data: string | Buffer): string {
    return createHash('md5').update(data).digest('hex');
  }

  describe('a forwarded call', () => {
    it('reaches the upstream with its path, query and headers', async () => {
      const { port } = await start();
      const answer = await send(port, '/x?a=1', { headers: { 'x-own': 'v' } });
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({
        method: 'GET',
        url: '/x?a=1',
        headers: { 'x-own': 'v', host: 'api.test' },
      });
    });

    it('tells the upstream who calls, whatever the client claims', async () => {
      const { port } = await start();
      const answer = await send(port, '/', { headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6' } });
      const { headers } = answer.json() as { headers: Record<string, string> };
      expect(headers).toMatchObject({
        'x-real-ip': '127.0.0.1',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'api.test',
        'x-forwarded-port': String(port),
      });
      expect(headers).not.toHaveProperty('forwarded');
    });

    it('keeps hop-by-hop headers to one hop', async () => {
      const { port } = await start();
      const answer = await send(port, '/', {
        headers: { connection: 'keep-alive, x-foo', 'x-foo': '1', 'x-bar': '2', te: 'trailers' },
      });
      const { headers } = answer.json() as { headers: Record<string, string> };
      expect(headers).toMatchObject({ 'x-bar': '2' });
      expect(headers).not.toHaveProperty('x-foo');
      expect(headers).not.toHaveProperty('te');
    });

    it('carries one request id to upstream and client', async () => {
      const { port } = await start();
      const own = await send(port, '/', { headers: { 'x-request-id': 'mine' } });
      expect(own.headers['x-request-id']).toBe('mine');
      const made = await send(port, '/');
      expect(made.json()).toMatchObject({ headers: { 'x-request-id': made.headers['x-request-id'] } });
      const unsafe = await send(port, '/', { headers: { 'x-request-id': 'x'.repeat(200) } });
      expect(unsafe.headers['x-request-id']).not.toContain('xxx');
    });

    it('carries 5 MB with a length both ways unchanged', async () => {
      const { port } = await start(echo);
      const body = randomBytes(2_500_000).toString('hex');
      const answer = await send(port, '/', {
        method: 'POST',
        body,
        headers: { 'content-length': String(body.length) },
      });
      expect(answer.headers['x-te']).toBe('none');
      expect(md5(answer.text)).toBe(md5(body));
    });

    it('streams chunked bodies as they come', async () => {
      const { port } = await start(echo);
      const answer = await send(port, '/', {
        method: 'POST',
        body: 'a'.repeat(200_000),
        headers: { 'transfer-encoding': 'chunked' },
      });
      expect(answer.headers['x-te']).toBe('chunked');
      expect(md5(answer.text)).toBe(md5('a'.repeat(200_000)));
    });

    it('passes 50 MB to a client that reads slowly, whole and in order', async () => {
      const block = randomBytes(1_000_000);
      const { port } = await start((_request, response) => {
        response.setHeader('content-length', block.length * 50);
        for (let index = 0; index < 50; index++) response.write(block);
        response.end();
      });
      const raw = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
      const body = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'latin1');
      expect(body.length).toBe(block.length * 50);
      expect(md5(body.subarray(-block.length))).toBe(md5(block));
    });

    it.each([
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ])('answers %s %i without a body and keeps the connection in step', async (method, status) => {
      const { port } = await start((request, response) => {
        if (request.url === '/next') response.end('next');
        else response.writeHead(status, status === 304 ? { etag: '"x"', 'content-length': '500' } : {}).end();
      });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      expect(await send(port, '/', { method, agent })).toMatchObject({ status, text: '' });
      expect(await send(port, '/next', { agent })).toMatchObject({ status: 200, text: 'next' });
      agent.destroy();
    });

    it('answers pipelined requests in their order', async () => {
      const { port } = await start((request, response) => response.end(`hello ${request.url}`));
      const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: api.test\r\n${more}\r\n`;
      const raw = await sendRaw(port, get('/a') + get('/b') + get('/c', 'Connection: close\r\n'));
      expect(raw).toMatch(/hello \/a[^]*hello \/b[^]*hello \/c/);
    });

    it('passes over empty lines between requests, however they arrive', async () => {
      const { port } = await start(echo);
      const get = 'GET / HTTP/1.1\r\nHost: api.test\r\n';
      const raw = await sendRaw(port, `\r\n\r\n${get}\r\n\r`, `\n\r\n${get}Connection: close\r\n\r\n`);
      expect(raw.match(/HTTP\/1.1 200 /g)).toHaveLength(2);
    });

    it('sends on an empty query as it came', async () => {
      const { port } = await start();
      expect((await send(port, '/a?')).text).toContain('"url":"/a?"');
    });

    it('understands a request that arrives in pieces', async () => {
      const { port } = await start(echo);
      const raw = await sendRaw(
        port,
        ...[
          'PO',
          'ST / HT',
          'TP/1.1\r\nHo',
          'st: api.test\r',
          '\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
        ],
        ...['3', '\r\nab', 'c\r\n1', '0;x=y\r\n0123456789abcdef\r\n', '0\r\nX-T: 1\r\n\r\n'],
      );
      expect(raw).toMatch(/^HTTP\/1.1 200 /);
      expect(raw).toContain('abc');
      expect(raw).toContain('0123456789abcdef');
    });

    it('lets the client send its body after 100 Continue', async () => {
      const { port } = await start((request, response) => {
        response.setHeader('content-length', 3);
        request.pipe(response);
      });
      const socket = connect(port, '127.0.0.1');
      let raw = '';
      socket.on('data', (bytes) => (raw += bytes.toString()));
      socket.write(
        'POST / HTTP/1.1\r\nHost: api.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n',
      );
      await eventually(() => expect(raw).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\n$/), { withinMs: 3000 });
      socket.write('abc');
      await once(socket, 'close');
      expect(raw).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 [^]*abc$/);
    });

    it('passes on an early answer to a body that is still coming', async () => {
      const { port } = await start((_request, response) =>
        response.writeHead(413, { 'content-length': '3' }).end('big'),
      );
      const raw = await sendRaw(port, 'POST / HTTP/1.1\r\nHost: api.test\r\nContent-Length: 1000000\r\n\r\nabc');
      expect(raw).toMatch(/^HTTP\/1.1 413 [^]*big$/);
    });

    it('speaks HTTP/1.0 to clients that do', async () => {
      const { port } = await start((_request, response) => {
        response.write('ab');
        response.end('cd');
      });
      const raw = await sendRaw(port, 'GET / HTTP/1.0\r\nHost: api.test\r\n\r\n');
      expect(raw).toMatch(/^HTTP\/1.1 200 [^]*\r\n\r\nabcd$/);
      expect(raw.toLowerCase()).not.toContain('transfer-encoding');
    });

    it('takes an upstream that ends its answer by closing', async () => {
      const { port } = await start((request) => {
        request.socket.end(`HTTP/1.0 200 OK\r\nX: y\r\n\r\n${'e'.repeat(5000)}`);
      });
      expect((await send(port, '/')).text).toHaveLength(5000);
    });

    it('passes on the same path that it has matched', async () => {
      const { port } = await start(undefined, { uri: '/a/*' });
      expect((await send(port, '/a/%62/../c%2fd')).json()).toMatchObject({ url: '/a/c%2Fd' });
      expect((await send(port, '/a/../b')).status).toBe(404);
      expect((await send(port, '/a/%2e%2e/b')).status).toBe(404);
      expect((await send(port, '/a/%zz')).status).toBe(400);
    });
  });

  describe('a failing upstream', () => {
    it('that resets is answered 502', async () => {
      const { port } = await start((request) => request.socket.destroy());
      const answer = await send(port, '/');
      expect(answer.status).toBe(502);
      expect(answer.json()).toMatchObject({ code: 'gateway.upstream_failed', status: 502, instance: '/' });
    });

    it('that sends both framings is answered 502', async () => {
      const { port } = await start((request) => {
        request.socket.end(
          'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
        );
      });
      expect((await send(port, '/')).status).toBe(502);
    });

    it('that breaks off in the middle breaks the client’s answer too', async () => {
      const { port } = await start((request) => {
        request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc');
      });
      await expect(send(port, '/')).rejects.toThrow();
    });

    it('that is too slow is answered 504', async () => {
      const { port } = await start(() => undefined, { timeout: { connect: 1, send: 1, read: 0.05 } });
      const answer = await send(port, '/');
      expect([answer.status, answer.json()]).toMatchObject([504, { code: 'gateway.upstream_timeout' }]);
    });

    it('that stops in the middle of its answer breaks the client’s answer too', async () => {
      const { port } = await start(
        (_request, response) => {
          response.setHeader('content-length', 100);
          response.write('abc');
        },
        { timeout: { connect: 1, send: 1, read: 0.05 } },
      );
      await expect(send(port, '/')).rejects.toThrow();
    });

    it('is replaced by the next node while nothing was sent', async () => {
      const gone = await startUpstream();
      await gone.stop();
      const alive = await startUpstream(echo);
      running.push(alive);
      const nodes = { [gone.address]: 100, [alive.address]: 1 };
      const { port } = await start(undefined, { upstream: { nodes } });
      const answer = await send(port, '/', { method: 'POST', body: 'once' });
      expect([answer.status, answer.text]).toEqual([200, 'once']);
    });

    it('without nodes is answered 503', async () => {
      const { port } = await start(undefined, { upstream: { nodes: [] } });
      expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.no_upstream' });
    });

    it('that closes a kept connection is asked again without the client noticing', async () => {
      const connections = new Set<number | undefined>();
      const { port } = await start((request, response) => {
        connections.add(request.socket.remotePort);
        response.end('ok');
        if (connections.size === 1) response.once('close', () => request.socket.resetAndDestroy());
      });
      for (let index = 0; index < 5; index++) expect((await send(port, '/')).status).toBe(200);
      expect(connections.size).toBe(2);
    });
  });
});
