import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import type { EngineOptions } from '../engine.ts';
import {
  collectHttp2,
  openHttp2,
  resource,
  sendHttp2,
  socketKinds,
  startEngine,
  startHttp2Upstream,
  startUpstream,
  type StreamListener,
  type TestEngine,
  type TestHttp2Upstream,
} from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
const sessions: ClientHttp2Session[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  for (const part of running.splice(0).reverse()) await part.stop();
});

const post = { ':method': 'POST', ':path': '/', ':authority': 'api.test' };

async function openTo({ port }: TestEngine): Promise<ClientHttp2Session> {
  const session = openHttp2(port);
  sessions.push(session);
  await once(session, 'connect');
  return session;
}

async function startTo(
  upstream: { address: string; scheme?: string; more?: Record<string, unknown>; plugins?: Record<string, unknown> },
  options: Partial<EngineOptions> = {},
): Promise<TestEngine> {
  const { address, scheme = 'grpc', more = {}, plugins = {} } = upstream;
  const engine = await startEngine(
    { policies: [], ...options },
    {
      revision: [
        resource('route', 'r1', { uri: '/*', plugins, upstream: { scheme, nodes: { [address]: 1 }, ...more } }),
      ],
    },
  );
  running.push(engine);
  return engine;
}

async function startStreams(listener?: StreamListener, options = {}): Promise<TestHttp2Upstream> {
  const upstream = await startHttp2Upstream(listener, options);
  running.push(upstream);
  return upstream;
}

/** An upstream that answers each stream when it is told to. */
async function startPatient(options = {}): Promise<TestHttp2Upstream & { answerAll(): void; open(): number }> {
  const waiting: (() => void)[] = [];
  let open = 0;
  const upstream = await startStreams((stream) => {
    open++;
    stream.on('close', () => open--);
    waiting.push(() => {
      if (stream.destroyed) return;
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
  }, options);
  return {
    ...upstream,
    answerAll: () => {
      for (const answer of waiting.splice(0)) answer();
    },
    open: () => open,
  };
}

async function statuses(engine: TestEngine, count: number): Promise<number[]> {
  await eventually(() => expect(engine.engine.status().callsCounted).toBe(count), { withinMs: 3000 });
  return engine.engine.drainLedger().flatMap(({ status, calls }) => Array.from({ length: calls }, () => status));
}

describe.each(socketKinds)('a client’s stream on %s sockets', (sockets) => {
  it('that is reset ends the call to the upstream, and counts as 499', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream, { sockets });
    const session = await openTo(engine);
    const stream = session.request({ ...post, ':method': 'GET' });
    stream.on('error', () => undefined);
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
    expect(await statuses(engine, 1)).toEqual([499]);
    const next = sendHttp2(session, '/next');
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    upstream.answerAll();
    expect((await next).status).toBe(200);
  });

  it('whose connection is lost ends the call to the upstream, and counts as 499', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream, { sockets });
    const session = await openTo(engine);
    const stream = session.request({ ...post, ':method': 'GET' });
    stream.on('error', () => undefined);
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    session.destroy();
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
    expect(await statuses(engine, 1)).toEqual([499]);
  });

  it.each([
    ['is reset', 'http', (stream: ClientHttp2Stream) => stream.destroy(new Error('broken off'))],
    ['is reset', 'grpc', (stream: ClientHttp2Stream) => stream.destroy(new Error('broken off'))],
    ['is reset without an error', 'http', (stream: ClientHttp2Stream) => stream.destroy()],
    ['is reset without an error', 'grpc', (stream: ClientHttp2Stream) => stream.destroy()],
    ['loses its connection', 'http', (stream: ClientHttp2Stream) => stream.session?.destroy()],
    ['loses its connection', 'grpc', (stream: ClientHttp2Stream) => stream.session?.destroy()],
  ])('that %s in its body never looks whole to an upstream with scheme %s', async (_name, scheme, breakOff) => {
    const seen: string[] = [];
    const http1 = await startUpstream((request) => {
      request.on('data', () => seen.push('data'));
      request.on('end', () => seen.push('end'));
      request.on('error', () => seen.push('broken'));
    });
    const http2 = await startStreams((stream) => {
      stream.on('data', () => seen.push('data'));
      stream.on('end', () => !stream.aborted && seen.push('end'));
      stream.on('aborted', () => seen.push('broken'));
    });
    running.push(http1);
    const engine = await startTo({ address: scheme === 'http' ? http1.address : http2.address, scheme }, { sockets });
    const session = await openTo(engine);
    const stream = session.request(post);
    stream.on('error', () => undefined);
    stream.write('abc');
    await eventually(() => expect(seen).toEqual(['data']), { withinMs: 2000 });
    breakOff(stream);
    await eventually(() => expect(seen).toEqual(['data', 'broken']), { withinMs: 2000 });
  });

  it('may take its time, and the upstream waits for it', async () => {
    const block = Buffer.alloc(1_000_000, 'x');
    let sent = 0;
    const upstream = await startStreams((stream) => {
      stream.respond({ ':status': 200 });
      const more = () => {
        while (sent < 20) {
          sent++;
          if (!stream.write(block)) break;
        }
        if (sent === 20) stream.end();
        else stream.once('drain', more);
      };
      more();
    });
    const engine = await startTo(upstream, { sockets });
    const session = await openTo(engine);
    const stream = session.request({ ...post, ':method': 'GET' }).pause();
    await once(stream, 'response');
    const other = await Promise.race([
      once(stream, 'end'),
      new Promise((resolve) => setTimeout(resolve, 300, 'waits')),
    ]);
    expect(other).toBe('waits');
    expect(sent).toBeLessThan(8);
    let received = 0;
    stream.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await once(stream, 'end');
    expect(received).toBe(20_000_000);
  });

  it('sends no faster than the upstream takes it', async () => {
    const server = createServer((request, response) => {
      request.pause();
      setTimeout(() => request.resume().on('end', () => response.end('ok')), 400);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    running.push({ stop: async () => void server.close().closeAllConnections() });
    const engine = await startTo(
      { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, scheme: 'http' },
      { sockets },
    );
    const session = await openTo(engine);
    const stream = session.request(post);
    let taken = 0;
    for (let index = 0; index < 200; index++) stream.write(Buffer.alloc(100_000), () => (taken += 100_000));
    stream.end();
    const answer = collectHttp2(stream);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(taken).toBeLessThan(12_000_000);
    expect((await answer).text).toBe('ok');
    expect(engine.engine.drainLedger()).toMatchObject([{ bytesIn: 20_000_000 }]);
  });

  it('gets an early answer to a body that is still coming, and need not send the rest', async () => {
    const upstream = await startUpstream((_request, response) =>
      response.writeHead(403, { 'content-length': '3', connection: 'close' }).end('too'),
    );
    running.push(upstream);
    const engine = await startTo({ address: upstream.address, scheme: 'http' }, { sockets });
    const stream = (await openTo(engine)).request(post);
    stream.write('abc');
    const answer = await collectHttp2(stream);
    expect([answer.status, answer.text, answer.code]).toEqual([403, 'too', constants.NGHTTP2_NO_ERROR]);
    // Nothing of the stream is left that a drain would have to wait for.
    const closing = engine.engine.close({ withinMs: 60_000 });
    await closing;
  });

  it('passes on fields that stand twice', async () => {
    const upstream = await startUpstream((request) => {
      request.socket.end(
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nEtag: "a"\r\nEtag: "b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n',
      );
    });
    running.push(upstream);
    const session = await openTo(await startTo({ address: upstream.address, scheme: 'http' }, { sockets }));
    expect((await sendHttp2(session, '/')).headers).toMatchObject({ ':status': 200, 'set-cookie': ['a=1', 'b=2'] });
  });

  it('passes on interim answers', async () => {
    const http1 = await startUpstream((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('ok'));
    });
    running.push(http1);
    const http2 = await startStreams((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' });
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
    const session1 = await openTo(await startTo({ address: http1.address, scheme: 'http' }, { sockets }));
    expect(await sendHttp2(session1, '/')).toMatchObject({ status: 200, interim: [103] });
    const session2 = await openTo(await startTo(http2, { sockets }));
    expect(await sendHttp2(session2, '/')).toMatchObject({ status: 200, interim: [103] });
  });
});

describe('a client’s connection', () => {
  it('carries many calls at a time, each counted', async () => {
    const upstream = await startUpstream();
    running.push(upstream);
    const engine = await startTo({ address: upstream.address, scheme: 'http' });
    const session = await openTo(engine);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => sendHttp2(session, `/${index}`)));
    expect(answers.map((answer) => (answer.json() as { url: string }).url)).toEqual(
      answers.map((_, index) => `/${index}`),
    );
    expect(await statuses(engine, 100)).toHaveLength(100);
  });

  it('is told how many streams it may have, and more are refused', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream, { limits: { streamsPerConnection: 5 } });
    const session = await openTo(engine);
    if (session.remoteSettings.maxConcurrentStreams !== 5) await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(5);
  });

  it('that resets streams without end is closed with ENHANCE_YOUR_CALM', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream);
    const session = await openTo(engine);
    const goaway = once(session, 'goaway');
    let isClosed = false;
    session.on('close', () => (isClosed = true));
    for (let round = 0; round < 100 && !isClosed; round++) {
      for (let index = 0; index < 20; index++) {
        const stream = session.request({ ...post, ':method': 'GET' });
        stream.on('error', () => undefined);
        setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await eventually(() => expect(isClosed).toBe(true), { withinMs: 2000 });
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
  });

  it('without a call is closed when it has been idle for long', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream, { limits: { idleTimeoutMs: 100 } });
    const session = await openTo(engine);
    const goaway = once(session, 'goaway');
    await once(session, 'close');
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('is drained: calls under way are finished, and it closes', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream);
    const session = await openTo(engine);
    const idle = await openTo(engine);
    const answer = sendHttp2(session, '/');
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    const goaway = once(session, 'goaway');
    const closed = engine.engine.close({ withinMs: 5000 });
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
    await once(idle, 'close');
    upstream.answerAll();
    expect((await answer).status).toBe(200);
    await closed;
    expect(engine.engine.drainLedger()).toMatchObject([{ status: 200, calls: 1 }]);
  });

  it('is cut when it takes too long to drain, and its calls are counted', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream);
    const session = await openTo(engine);
    const answer = sendHttp2(session, '/').catch(() => 'broken');
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    await engine.engine.close({ withinMs: 50 });
    expect(await answer).toBe('broken');
    expect(engine.engine.drainLedger()).toMatchObject([{ status: 499, calls: 1 }]);
  });

  it('is left by clients that only send their FIN', async () => {
    const upstream = await startPatient();
    const engine = await startTo(upstream);
    const socket = connect(engine.port, '127.0.0.1');
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    await once(socket.resume(), 'close');
    await engine.engine.close({ withinMs: 5000 });
  });
});

describe('policies', () => {
  const stamp = definePolicy({
    name: 'stamp',
    title: 'Stamp',
    description: 'Marks answers, or replaces their bodies.',
    errors: [],
    priority: 10,
    schema: z.looseObject({ body: z.string().optional(), delay: z.boolean().optional() }),
    shared: 'allowed',
    direction: 'outbound',
    compile: ({ body, delay }) => ({
      async onResponse(_call, response) {
        if (delay === true) await new Promise((resolve) => setTimeout(resolve, 50));
        response.headers.set('x-stamp', String(response.status));
        response.headers.set('Connection', 'x-foo');
        response.headers.set('TE', 'x-foo');
        if (body !== undefined) response.body = body;
      },
    }),
  });

  it.each(['http', 'grpc'])('shape answers of an upstream with scheme %s', async (scheme) => {
    const http1 = await startUpstream((_request, response) => response.end('plain'));
    running.push(http1);
    const http2 = await startStreams((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('plain');
    });
    const address = scheme === 'http' ? http1.address : http2.address;
    const options = { policies: [stamp] };
    const shaped = await openTo(await startTo({ address, scheme, plugins: { stamp: { delay: true } } }, options));
    expect(await sendHttp2(shaped, '/')).toMatchObject({ text: 'plain', headers: { 'x-stamp': '200' } });
    expect((await sendHttp2(shaped, '/')).headers).not.toHaveProperty('connection');
    const replaced = await openTo(await startTo({ address, scheme, plugins: { stamp: { body: 'other' } } }, options));
    for (let index = 0; index < 3; index++) expect(await sendHttp2(replaced, '/')).toMatchObject({ text: 'other' });
  });
});
