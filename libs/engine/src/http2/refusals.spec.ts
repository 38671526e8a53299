import { once } from 'node:events';
import { type ClientHttp2Session, constants, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import type { EngineOptions } from '../engine.ts';
import {
  collectHttp2,
  send,
  sendHttp2,
  sendRaw,
  startHttp2Upstream,
  startUpstream,
  type TestEngine,
} from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { openTo } from './testing/http2-scene.ts';

/** An engine, what opens a connection to it, and how many requests its upstream got. */
async function start(
  limits: EngineOptions['limits'] = {},
): Promise<TestEngine & { readonly open: () => Promise<ClientHttp2Session>; readonly forwarded: () => number }> {
  const upstream = await keep(
    startUpstream((request, response) => {
      request.on('end', () => response.end('ok')).resume();
    }),
  );
  const engine = await startRouteTo({ address: upstream.address }, { limits });
  return { ...engine, open: () => openTo(engine), forwarded: () => upstream.requests.length };
}

describe('a request over HTTP/2', () => {
  it.each<[string, OutgoingHttpHeaders, number, string]>([
    ['for an unknown host', { ':authority': 'other.test' }, 404, 'gateway.host_unknown'],
    ['with an authority that is no host', { ':authority': '[api]' }, 400, 'gateway.bad_request'],
    ['whose Host differs from its authority', { host: 'other.test' }, 400, 'gateway.bad_request'],
    ['with a fragment', { ':path': '/a#b' }, 400, 'gateway.bad_request'],
    ['with a path that cannot be read', { ':path': '/%zz' }, 400, 'gateway.bad_request'],
    ['with another scheme', { ':scheme': 'ftp' }, 400, 'gateway.bad_request'],
    ['with an unknown method', { ':method': 'FOO' }, 501, 'gateway.not_implemented'],
    ['that expects something else', { expect: 'more' }, 417, 'gateway.expectation_failed'],
    ['with a head that is too large', { 'x-large': 'x'.repeat(17_000) }, 431, 'gateway.head_too_large'],
  ])('%s is refused, and the connection goes on', async (_name, headers, status, code) => {
    const { open, forwarded } = await start();
    const session = await open();
    const answer = await sendHttp2(session, '/', { headers });
    expect(answer.headers).toMatchObject({ ':status': status, 'content-type': 'application/problem+json' });
    expect(answer.json()).toMatchObject({ status, code });
    expect(forwarded()).toBe(0);
    expect((await sendHttp2(session, '/')).status).toBe(200);
  });

  it('whose Host is its authority in other letters is served', async () => {
    const { open } = await start();
    expect((await sendHttp2(await open(), '/', { headers: { host: 'API.test' } })).status).toBe(200);
  });

  it('with CONNECT is refused', async () => {
    const { open, forwarded } = await start();
    const session = await open();
    const stream = session.request({ ':method': 'CONNECT', ':authority': 'api.test:443' });
    const answer = await collectHttp2(stream);
    expect([answer.status, forwarded()]).toEqual([501, 0]);
  });

  it('that HEAD asks for is refused without a body', async () => {
    const { open } = await start();
    const answer = await sendHttp2(await open(), '/', { headers: { ':method': 'HEAD', ':authority': 'other.test' } });
    expect([answer.status, answer.text]).toEqual([404, '']);
  });

  it('with a body over the limit is answered 413, told beforehand or not', async () => {
    const { open } = await start({ bodyLimitBytes: 1000 });
    const session = await open();
    const told = await sendHttp2(session, '/', { body: 'x'.repeat(2000), headers: { 'content-length': 2000 } });
    expect([told.status, told.json()]).toMatchObject([413, { code: 'gateway.body_too_large' }]);
    const untold = await sendHttp2(session, '/', { body: 'x'.repeat(2000) });
    expect([untold.status, untold.code]).toEqual([413, constants.NGHTTP2_NO_ERROR]);
  });

  it('whose body stops coming is answered 408', async () => {
    const { open } = await start({ bodyStallMs: 100 });
    const stream = (await open()).request({ ':method': 'POST', ':authority': 'api.test', ':path': '/' });
    stream.write('abc');
    expect((await collectHttp2(stream)).json()).toMatchObject({ code: 'gateway.request_timeout' });
  });

  it('that expects 100-continue is told to go on', async () => {
    const { open } = await start();
    const stream = (await open()).request({
      ':method': 'POST',
      ':authority': 'api.test',
      ':path': '/',
      expect: '100-continue',
    });
    await once(stream, 'continue');
    stream.end('abc');
    expect((await collectHttp2(stream)).status).toBe(200);
  });
});

describe('malformed frames', () => {
  /** Writes what no client of Node would: a preface, and a header block that is encoded by hand. */
  function sendFields(port: number, fields: readonly (readonly [string, string])[]): Socket {
    const literal = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
    const block = Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
    const socket = connectTcp(port, '127.0.0.1');
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    socket.write(Buffer.concat([Buffer.from([0, 0, block.length, 1, 5, 0, 0, 0, 1]), block]));
    return socket;
  }

  const protocolErrorOnStream1 = Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 1]);

  const fine = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'api.test'],
  ] as const;

  it.each<[string, readonly (readonly [string, string])[]]>([
    ['a field of HTTP/1 connections', [...fine, ['connection', 'close']]],
    ['a transfer coding', [...fine, ['transfer-encoding', 'chunked']]],
    ['a TE other than trailers', [...fine, ['te', 'gzip']]],
    ['a name with capitals', [...fine, ['X-Own', '1']]],
    ['an authority that names a user', [...fine.slice(0, 3), [':authority', 'a@api.test']]],
    ['an empty authority', [...fine.slice(0, 3), [':authority', '']]],
    ['a line break in the path', [...fine.slice(0, 2), [':path', '/\r\nx: y'], [':authority', 'api.test']]],
    ['a pseudo-header behind others', [...fine.slice(0, 3), ['x-own', '1'], [':authority', 'api.test']]],
    ['a repeated pseudo-header', [...fine, [':path', '/other']]],
    ['no path', fine.slice(0, 2)],
    ['a foreign pseudo-header', [...fine, [':status', '200']]],
  ])('with %s reset the stream and reach nobody', async (_name, fields) => {
    const { port, forwarded, engine } = await start();
    const socket = sendFields(port, fields);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await eventually(() => expect(Buffer.concat(chunks).includes(protocolErrorOnStream1)).toBe(true), {
      withinMs: 2000,
    });
    socket.destroy();
    expect([forwarded(), engine.status().callsCounted]).toEqual([0, 0]);
  });

  it('with a line break in a value do not bring it to the upstream', async () => {
    const seen: unknown[] = [];
    const upstream = await keep(
      startUpstream((request, response) => {
        seen.push(request.rawHeaders.join('|'));
        response.end();
      }),
    );
    const engine = await startRouteTo({ address: upstream.address });
    const socket = sendFields(engine.port, [...fine, ['x-own', 'a\r\nx-evil: y']]);
    await eventually(() => expect(seen).toHaveLength(1), { withinMs: 2000 });
    socket.destroy();
    expect(seen[0]).not.toMatch(/evil|x-own/);
  });

  it('that open streams and reset them in the same breath do no harm', async () => {
    const { port, engine, open } = await start();
    const socket = connectTcp(port, '127.0.0.1');
    const block = Buffer.from([0x82, 0x86, 0x84, 0x41, 8, ...Buffer.from('api.test')]);
    const opened = (id: number) => Buffer.concat([Buffer.from([0, 0, block.length, 1, 5, 0, 0, 0, id]), block]);
    const reset = (id: number) => Buffer.from([0, 0, 4, 3, 0, 0, 0, 0, id, 0, 0, 0, 8]);
    const ids = Array.from({ length: 100 }, (_, index) => index * 2 + 1);
    socket.write(
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
        ...ids.flatMap((id) => [opened(id), reset(id)]),
      ]),
    );
    await once(socket, 'data');
    expect((await sendHttp2(await open(), '/')).status).toBe(200);
    socket.destroy();
    await eventually(() => expect(engine.status().callsCounted).toBeGreaterThan(0), { withinMs: 2000 });
  });

  it('that begin like HTTP/2 and go on otherwise are refused as HTTP/1', async () => {
    const { port } = await start();
    expect(await sendRaw(port, 'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')).toMatch(/^HTTP\/1.1 505 /);
    expect(await sendRaw(port, 'PRI * HT', 'TP/2.0\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 505 /);
  });
});

describe('the preface of HTTP/2', () => {
  it('is recognised in pieces', async () => {
    const { port } = await start();
    const socket = connectTcp(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.setNoDelay(true);
    socket.on('data', (chunk) => chunks.push(chunk));
    for (const piece of ['PRI * HTTP/2', '.0\r\n\r', '\nSM\r\n\r\n']) {
      await new Promise((resolve) => socket.write(piece, () => setImmediate(resolve)));
    }
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    // SETTINGS of the gateway come first.
    await eventually(() => expect(Buffer.concat(chunks)[3]).toBe(4), { withinMs: 2000 });
    socket.destroy();
  });

  it('after a request is refused', async () => {
    const { port } = await start();
    const raw = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: api.test\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    expect(raw).toMatch(/HTTP\/1.1 200 [^]*HTTP\/1.1 505 /);
  });
});

describe('an upstream over HTTP/2', () => {
  const scheme = 'grpc';

  it('that does not speak it is answered 502', async () => {
    const upstream = await keep(startUpstream());
    const { port } = await startRouteTo({ address: upstream.address, scheme });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });

  it('that is not there is answered 502', async () => {
    const upstream = await startHttp2Upstream();
    await upstream.stop();
    const { port } = await startRouteTo({ address: upstream.address, scheme });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });

  it('that says nothing is answered 504', async () => {
    const upstream = await keep(startHttp2Upstream(() => undefined));
    const { port } = await startRouteTo({
      address: upstream.address,
      scheme,
      upstream: { timeout: { connect: 1, send: 1, read: 0.1 } },
    });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_timeout' });
  });

  it('that resets the stream is answered 502', async () => {
    const upstream = await keep(startHttp2Upstream((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR)));
    const { port } = await startRouteTo({ address: upstream.address, scheme });
    expect((await send(port, '/')).json()).toMatchObject({ code: 'gateway.upstream_failed' });
  });

  it('that breaks off in the middle breaks the client’s answer too', async () => {
    const upstream = await keep(
      startHttp2Upstream((stream) => {
        stream.respond({ ':status': 200 });
        stream.write('abc', () => setImmediate(() => stream.destroy(new Error('broken off'))));
      }),
    );
    const { port } = await startRouteTo({ address: upstream.address, scheme });
    await expect(send(port, '/')).rejects.toThrow();
    await expect(sendHttp2(await openTo({ port }), '/')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
  });
});
