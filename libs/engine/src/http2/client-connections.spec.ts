import { once } from 'node:events';
import { constants } from 'node:http2';
import { connect } from 'node:net';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { sendHttp2, startUpstream } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import { startRouteTo } from '../testing/one-route.ts';
import { get, openTo, startPatient, statusesOf } from './testing/http2-scene.ts';

describe('a client’s connection', () => {
  it('carries many calls at a time, each counted', async () => {
    const upstream = await keep(startUpstream());
    const engine = await startRouteTo({ address: upstream.address });
    const session = await openTo(engine);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => sendHttp2(session, `/${index}`)));
    expect(answers.map((answer) => (answer.json() as { url: string }).url)).toEqual(
      answers.map((_, index) => `/${index}`),
    );
    expect(await statusesOf(engine, 100)).toHaveLength(100);
  });

  it('is told how many streams it may have, and more are refused', async () => {
    const upstream = await startPatient();
    const engine = await startRouteTo(
      { address: upstream.address, scheme: 'grpc' },
      { limits: { streamsPerConnection: 5 } },
    );
    const session = await openTo(engine);
    if (session.remoteSettings.maxConcurrentStreams !== 5) await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(5);
  });

  it('that resets streams without end is closed with ENHANCE_YOUR_CALM', async () => {
    const upstream = await startPatient();
    const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' });
    const session = await openTo(engine);
    const goaway = once(session, 'goaway');
    const openAndReset = async () => {
      const stream = session.request(get);
      stream.on('error', () => undefined);
      setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
      await new Promise((resolve) => stream.once('close', resolve));
    };
    for (let round = 0; round < 100 && !session.destroyed; round++) {
      await Promise.all(Array.from({ length: 20 }, openAndReset));
    }
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    await eventually(() => expect(session.destroyed).toBe(true), { withinMs: 2000 });
    await eventually(() => expect(upstream.open()).toBe(0), { withinMs: 2000 });
  });

  it('without a call is closed when it has been idle for long', async () => {
    const upstream = await startPatient();
    const engine = await startRouteTo(
      { address: upstream.address, scheme: 'grpc' },
      { limits: { idleTimeoutMs: 100 } },
    );
    const session = await openTo(engine);
    const goaway = once(session, 'goaway');
    await once(session, 'close');
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('is drained: calls under way are finished, and it closes', async () => {
    const upstream = await startPatient();
    const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' });
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
    const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' });
    const session = await openTo(engine);
    const answer = sendHttp2(session, '/').catch(() => 'broken');
    await eventually(() => expect(upstream.open()).toBe(1), { withinMs: 2000 });
    await engine.engine.close({ withinMs: 50 });
    expect(await answer).toBe('broken');
    expect(engine.engine.drainLedger()).toMatchObject([{ status: 499, calls: 1 }]);
  });

  it('is left by clients that only send their FIN', async () => {
    const upstream = await startPatient();
    const engine = await startRouteTo({ address: upstream.address, scheme: 'grpc' });
    const socket = connect(engine.port, '127.0.0.1');
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.end(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    await once(socket.resume(), 'close');
    await engine.engine.close({ withinMs: 5000 });
  });
});
