import { constants } from 'node:http2';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { resource, send, socketKinds, startHttp2Upstream, type TestAnswer } from '../testing/index.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { refusePrivateAddresses } from '../upstream/address-guard.ts';
import { startStreams } from './testing/http2-scene.ts';

describe.each(socketKinds)('connections of HTTP/2 to a node on %s sockets', (sockets) => {
  const startTo = (address: string, upstream: Record<string, unknown> = {}) =>
    startRouteTo({ address, scheme: 'grpc', upstream }, { sockets });

  const sendMany = async (port: number, count: number, method = 'GET'): Promise<TestAnswer[]> =>
    Promise.all(Array.from({ length: count }, () => send(port, '/', { method })));

  it('carry many calls at a time', async () => {
    const waiting: (() => void)[] = [];
    const upstream = await startStreams((stream) => {
      waiting.push(() => stream.respond({ ':status': 200 }, { endStream: true }));
      if (waiting.length === 50) for (const answer of waiting) answer();
    });
    const { port } = await startTo(upstream.address);
    const answers = await sendMany(port, 50);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(upstream.connections).toHaveLength(1);
  });

  it('are as many as it takes when the node bounds its streams', async () => {
    const waiting: (() => void)[] = [];
    const upstream = await startStreams(
      (stream) => {
        waiting.push(() => stream.respond({ ':status': 200 }, { endStream: true }));
        if (waiting.length === 30) for (const answer of waiting) answer();
      },
      { settings: { maxConcurrentStreams: 10 } },
    );
    const { port } = await startTo(upstream.address);
    const answers = await sendMany(port, 30);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(upstream.connections).toHaveLength(3);
  });

  it('that take no streams at all are answered 502', async () => {
    const upstream = await startStreams(undefined, { settings: { maxConcurrentStreams: 0 } });
    const { port } = await startTo(upstream.address);
    expect((await send(port, '/')).status).toBe(502);
  });

  it('are replaced after GOAWAY, and the calls under way are finished', async () => {
    let finishLast: () => void = () => undefined;
    const upstream = await startStreams((stream, { ':path': path }) => {
      stream.respond({ ':status': 200 });
      if (path === '/last') {
        stream.session?.goaway(constants.NGHTTP2_NO_ERROR);
        finishLast = () => stream.end('ok');
      } else {
        stream.end('ok');
      }
    });
    const { port } = await startTo(upstream.address);
    const last = send(port, '/last');
    await eventually(() => expect(upstream.requests).toHaveLength(1), { withinMs: 2000 });
    for (let index = 0; index < 10; index++) expect((await send(port, '/', { method: 'POST' })).text).toBe('ok');
    expect(upstream.connections).toHaveLength(2);
    finishLast();
    expect((await last).text).toBe('ok');
    await eventually(() => expect(upstream.sessions.size).toBe(1), { withinMs: 2000 });
  });

  it('that refuse a stream are asked again, whatever the method, if no body is lost by it', async () => {
    let asked = 0;
    const upstream = await startStreams((stream) => {
      asked++;
      if (asked === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    const { port } = await startTo(upstream.address);
    expect((await send(port, '/', { method: 'POST' })).status).toBe(200);
    expect(asked).toBe(2);
  });

  it('that refuse a stream again and again are answered 502', async () => {
    const upstream = await startStreams((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
    const { port } = await startTo(upstream.address);
    expect((await send(port, '/')).status).toBe(502);
    expect(upstream.requests).toHaveLength(2);
  });

  it('that break on reuse are replaced without the client noticing, if the call is idempotent', async () => {
    const upstream = await startStreams((stream) => {
      if (upstream.connections.length === 1 && upstream.requests.length > 1) upstream.connections[0]?.destroy();
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    const { port } = await startTo(upstream.address);
    expect((await send(port, '/')).status).toBe(200);
    expect((await send(port, '/')).status).toBe(200);
    expect(upstream.connections).toHaveLength(2);
  });

  it('that break on reuse are answered 502, if the call is not idempotent', async () => {
    const upstream = await startStreams((stream) => {
      if (upstream.requests.length > 1) upstream.connections[0]?.destroy();
      else stream.respond({ ':status': 200 }, { endStream: true });
    });
    const { port } = await startTo(upstream.address);
    expect((await send(port, '/')).status).toBe(200);
    expect((await send(port, '/', { method: 'POST' })).status).toBe(502);
    expect(upstream.requests).toHaveLength(2);
  });

  it('are closed when they have been idle for long', async () => {
    const upstream = await startStreams();
    const { port } = await startTo(upstream.address, { keepalive_pool: { idle_timeout: 0.1 } });
    await send(port, '/');
    await eventually(() => expect(upstream.sessions.size).toBe(0), { withinMs: 2000 });
    expect((await send(port, '/')).status).toBe(200);
  });

  it('are closed when their upstream is no longer used, after the calls under way', async () => {
    let answer: () => void = () => undefined;
    const upstream = await startStreams((stream) => {
      answer = () => stream.respond({ ':status': 200 }, { endStream: true });
    });
    const engine = await startTo(upstream.address);
    const sent = send(engine.port, '/');
    await eventually(() => expect(upstream.requests).toHaveLength(1), { withinMs: 2000 });
    engine.apply('revision', [], [resource('route', 'r1', {})]);
    answer();
    expect((await sent).status).toBe(200);
    await eventually(() => expect(upstream.sessions.size).toBe(0), { withinMs: 2000 });
  });

  it('are not made to addresses that the guard refuses', async () => {
    const upstream = await startStreams();
    const route = { address: upstream.address, scheme: 'grpc' };
    const engine = await startRouteTo(route, { sockets, guard: refusePrivateAddresses() });
    expect((await send(engine.port, '/')).json()).toMatchObject({ code: 'gateway.upstream_address_refused' });
    expect(upstream.connections).toHaveLength(0);
  });

  it('take another node when one cannot be reached', async () => {
    const gone = await startHttp2Upstream();
    await gone.stop();
    const alive = await startStreams();
    const { port } = await startTo(alive.address, { nodes: { [gone.address]: 100, [alive.address]: 1 } });
    expect((await send(port, '/')).status).toBe(200);
  });
});
