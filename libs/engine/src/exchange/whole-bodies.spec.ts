import type { RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy, type PolicyHandlers } from '../policy/define-policy.ts';
import { send, sendRaw, socketKinds, startUpstream, type TestEngine, type TestUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';

const later = <T>(value: T) => new Promise<T>((resolve) => setImmediate(() => resolve(value)));

describe.each(socketKinds)('policies that look at whole bodies, on %s sockets', (sockets) => {
  async function start(handlers: PolicyHandlers, listener?: RequestListener): Promise<[TestEngine, TestUpstream]> {
    const upstream = await keep(startUpstream(listener));
    const policy = definePolicy({
      name: 'probe',
      title: 'Probe',
      description: 'A probe.',
      priority: 1,
      direction: 'both',
      shared: 'allowed',
      schema: z.looseObject({}),
      errors: [],
      compile: () => handlers,
    });
    const route = { plugins: { probe: {} } };
    const engine = await startRouteTo({ address: upstream.address, route }, { policies: [policy], sockets });
    return [engine, upstream];
  }

  const echo: RequestListener = (request, response) => {
    response.setHeader('x-length', request.headers['content-length'] ?? 'none');
    request.pipe(response);
  };

  it.each(['at once', 'later'])('see that of a request, however it comes, and can change it %s', async (when) => {
    const seen: string[] = [];
    const [{ port }] = await start(
      {
        onRequestBody(call, body) {
          seen.push(body.toString());
          call.upstreamRequest.body = Buffer.from(body.toString().toUpperCase());
          return when === 'later' ? later(undefined) : undefined;
        },
      },
      echo,
    );
    const whole = await send(port, '/', { method: 'POST', body: 'hello' });
    expect(whole).toMatchObject({ status: 200, text: 'HELLO', headers: { 'x-length': '5' } });
    const chunked = await sendRaw(
      port,
      'POST / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n',
    );
    expect(chunked).toContain('ABCDE');
    expect(seen).toEqual(['hello', 'abcde']);
  });

  it('send one of 3 MB on from memory, whole, and keep the connection in step', async () => {
    const [{ port }] = await start({ onRequestBody: () => undefined, requestBodyBytes: 4 * 1024 * 1024 }, echo);
    const body = Buffer.alloc(3 * 1024 * 1024, 'abcdefg');
    const answer = await send(port, '/', { method: 'POST', body });
    expect(answer.text === body.toString()).toBe(true);
    expect(answer.headers['x-length']).toBe(String(body.length));
  });

  it('can refuse a request by its body, and are not asked for more than they take', async () => {
    const [{ port }, upstream] = await start({
      onRequestBody: (call, body) =>
        body.includes('bad') ? call.respond({ status: 422, body: 'no' }) : later(undefined),
      requestBodyBytes: 10,
    });
    expect(await send(port, '/', { method: 'POST', body: 'bad' })).toMatchObject({ status: 422, text: 'no' });
    const declared = await send(port, '/', { method: 'POST', body: 'x'.repeat(11) });
    expect(declared.json()).toMatchObject({ status: 413, code: 'gateway.body_too_large' });
    const chunked = await sendRaw(
      port,
      `POST / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n${'x'.repeat(11)}\r\n0\r\n\r\n`,
    );
    expect(chunked).toContain(' 413 ');
    expect(upstream.requests).toHaveLength(0);
  });

  it('see an empty one of requests without, which go on without', async () => {
    const seen: number[] = [];
    const [{ port }] = await start({ onRequestBody: (_call, body) => void seen.push(body.length) }, echo);
    expect((await send(port, '/')).headers['x-length']).toBe('none');
    expect(seen).toEqual([0]);
  });

  it('send a request again to another node with its body, when it may be repeated', async () => {
    let tries = 0;
    const [{ port }] = await start({ onRequestBody: () => undefined }, (request, response) => {
      if (tries++ === 0) response.end('first');
      else if (tries === 2) request.socket.resetAndDestroy();
      else request.pipe(response);
    });
    expect((await send(port, '/', { method: 'PUT', body: 'one' })).text).toBe('first');
    expect((await send(port, '/', { method: 'PUT', body: 'two' })).text).toBe('two');
  });

  it.each(['at once', 'later'])(
    'see that of an answer before its head is sent, and can change both %s',
    async (when) => {
      const [engine] = await start(
        {
          onResponseBody(_call, response, body) {
            response.headers.set('X-Seen', String(body.length));
            response.body = body.toString().replaceAll('secret', '***');
            return when === 'later' ? later(undefined) : undefined;
          },
        },
        (_request, response) => {
          response.write('a secret ');
          setTimeout(() => response.end('and a secret'), 20);
        },
      );
      const answer = await send(engine.port, '/');
      expect(answer).toMatchObject({ status: 200, text: 'a *** and a ***', headers: { 'x-seen': '21' } });
      expect(engine.engine.drainLedger()).toMatchObject([{ status: 200, billable: 1, bytesOut: 15 }]);
    },
  );

  it('are not asked for an answer longer than they take, nor for one that breaks off', async () => {
    const listener: RequestListener = (request, response) => {
      if (request.url === '/long') response.end('x'.repeat(100));
      else {
        response.writeHead(200, { 'content-length': 50 });
        response.write('half');
        setTimeout(() => request.socket.resetAndDestroy(), 20);
      }
    };
    const [{ port }] = await start({ onResponseBody: () => undefined, responseBodyBytes: 60 }, listener);
    expect((await send(port, '/long')).json()).toMatchObject({ status: 502, code: 'gateway.answer_too_large' });
    expect((await send(port, '/half')).json()).toMatchObject({ status: 502, code: 'gateway.upstream_failed' });
  });

  it('that fail are told of, and the caller gets 500', async () => {
    const [{ port }] = await start({
      onRequestBody() {
        throw new Error('on purpose');
      },
    });
    expect((await send(port, '/', { method: 'POST', body: 'x' })).status).toBe(500);
  });
});
