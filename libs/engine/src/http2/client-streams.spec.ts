import { once } from 'node:events';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@tollgate/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { collectHttp2, sendHttp2, socketKinds, startUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { standsStill } from '../testing/stands-still.ts';
import { get, openTo, post, startPatient, startStreams, statusesOf } from './testing/http2-scene.ts';

/** A call that has reached its upstream, which does not answer yet. */
async function startWaitingCall(sockets: (typeof socketKinds)[number]) {
  const upstream = await startPatient();
  const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
  const session = await openTo(engine);
  const stream = session.request(get);
  stream.on('error', () => undefined);
  await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
  return { upstream, engine, session, stream };
}

describe.each(socketKinds)('a client’s stream on %s sockets', (sockets) => {
  it('that is reset ends the call to the upstream, and counts as 499', async () => {
    const { upstream, engine, session, stream } = await startWaitingCall(sockets);
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
    expect(await statusesOf(engine, 1)).toEqual([499]);
    const next = sendHttp2(session, '/next');
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    upstream.answerAll();
    expect((await next).status).toBe(200);
  });

  it('whose connection is lost ends the call to the upstream, and counts as 499', async () => {
    const { upstream, engine, session } = await startWaitingCall(sockets);
    session.destroy();
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
    expect(await statusesOf(engine, 1)).toEqual([499]);
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
    const http1 = await keep(
      startUpstream((request) => {
        request.on('data', () => seen.push('data'));
        request.on('end', () => seen.push('end'));
        request.on('error', () => seen.push('broken'));
      }),
    );
    const http2 = await startStreams((stream) => {
      stream.on('data', () => seen.push('data'));
      stream.on('end', () => !stream.aborted && seen.push('end'));
      stream.on('aborted', () => seen.push('broken'));
    });
    const engine = await startRouteTo(
      { address: scheme === 'http' ? http1.address : http2.address, scheme },
      { sockets },
    );
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
    const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' }, { sockets });
    const session = await openTo(engine);
    const stream = session.request(get).pause();
    await once(stream, 'response');
    await standsStill(() => sent);
    expect(sent).toBeLessThan(8);
    let received = 0;
    stream.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
    await once(stream, 'end');
    expect(received).toBe(20_000_000);
  });

  it('sends no faster than the upstream takes it', async () => {
    let takeBody: () => void = () => undefined;
    const server = createServer((request, response) => {
      request.pause();
      takeBody = () => request.resume().on('end', () => response.end('ok'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => server.close().closeAllConnections());
    const engine = await startRouteTo({ address: `127.0.0.1:${(server.address() as AddressInfo).port}` }, { sockets });
    const session = await openTo(engine);
    const stream = session.request(post);
    let taken = 0;
    for (let index = 0; index < 200; index++) stream.write(Buffer.alloc(100_000), () => (taken += 100_000));
    stream.end();
    const answer = collectHttp2(stream);
    await standsStill(() => taken);
    expect(taken).toBeLessThan(12_000_000);
    takeBody();
    expect((await answer).text).toBe('ok');
    expect(engine.engine.drainLedger()).toMatchObject([{ bytesIn: 20_000_000 }]);
  });

  it('gets an early answer to a body that is still coming, and need not send the rest', async () => {
    const upstream = await keep(
      startUpstream((_request, response) =>
        response.writeHead(403, { 'content-length': '3', connection: 'close' }).end('too'),
      ),
    );
    const engine = await startRouteTo({ address: upstream.address }, { sockets });
    const stream = (await openTo(engine)).request(post);
    stream.write('abc');
    const answer = await collectHttp2(stream);
    expect([answer.status, answer.text, answer.code]).toEqual([403, 'too', constants.NGHTTP2_NO_ERROR]);
    // Nothing of the stream is left that a drain would have to wait for.
    const closing = engine.engine.close({ withinMs: 60_000 });
    await closing;
  });

  it('passes on fields that stand twice', async () => {
    const upstream = await keep(
      startUpstream((request) => {
        request.socket.end(
          'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nEtag: "a"\r\nEtag: "b"\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n',
        );
      }),
    );
    const session = await openTo(await startRouteTo({ address: upstream.address }, { sockets }));
    expect((await sendHttp2(session, '/')).headers).toMatchObject({ ':status': 200, 'set-cookie': ['a=1', 'b=2'] });
  });

  it('passes on interim answers', async () => {
    const http1 = await keep(
      startUpstream((_request, response) => {
        response.writeEarlyHints({ link: '</a>; rel=preload' }, () => response.end('ok'));
      }),
    );
    const http2 = await startStreams((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a>; rel=preload' });
      stream.respond({ ':status': 200 });
      stream.end('ok');
    });
    const session1 = await openTo(await startRouteTo({ address: http1.address }, { sockets }));
    expect(await sendHttp2(session1, '/')).toMatchObject({ status: 200, interim: [103] });
    const session2 = await openTo(await startRouteTo({ address: http2.address, scheme: 'grpc' }, { sockets }));
    expect(await sendHttp2(session2, '/')).toMatchObject({ status: 200, interim: [103] });
  });
});
