import { connect, type Socket } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { resource, send, socketKinds, startEngine, startUpstream, type TestEngine } from '../testing/index.ts';
import { refusePrivateAddresses } from '../upstream/address-guard.ts';

describe.each(socketKinds)('on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  const handshake =
    'GET /chat HTTP/1.1\r\nHost: api.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n';

  /** An upstream that answers an upgrade and then sends back what it gets, in upper case. */
  async function startShouter(route: Record<string, unknown>): Promise<TestEngine> {
    const upstream = await startUpstream();
    upstream.server.on('upgrade', (request, socket) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade}\r\nX-Own: 1\r\n\r\n`,
      );
      socket.on('data', (data: Buffer) => socket.write(data.toString().toUpperCase()));
      socket.on('end', () => socket.end());
      socket.on('error', () => socket.destroy());
    });
    running.push(upstream);
    const engine = await startEngine(
      { policies: [], sockets },
      { revision: [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } }, ...route })] },
    );
    running.push(engine);
    return engine;
  }

  function collect(socket: Socket): () => string {
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    return () => text;
  }

  describe('an upgrade', () => {
    it('is passed through where the route allows it, and is one call', async () => {
      const engine = await startShouter({ enable_websocket: true });
      const socket = connect(engine.port, '127.0.0.1');
      const received = collect(socket);
      socket.write(handshake);
      await eventually(() => expect(received()).toMatch(/^HTTP\/1.1 101 [^]*X-Own: 1[^]*\r\n\r\n$/), {
        withinMs: 3000,
      });
      socket.write('hello');
      await eventually(() => expect(received()).toMatch(/HELLO$/), { withinMs: 3000 });
      expect(engine.engine.drainLedger()).toMatchObject([{ status: 101, calls: 1, billable: 1 }]);
      socket.destroy();
    });

    it('lives on when its route is changed or deleted', async () => {
      const engine = await startShouter({ enable_websocket: true });
      const socket = connect(engine.port, '127.0.0.1');
      const received = collect(socket);
      socket.write(handshake);
      await eventually(() => expect(received()).toContain('101'), { withinMs: 3000 });
      engine.apply('revision', [], [resource('route', 'r1', {})]);
      expect((await send(engine.port, '/chat')).status).toBe(404);
      socket.write('still here');
      await eventually(() => expect(received()).toMatch(/STILL HERE$/), { withinMs: 3000 });
      socket.destroy();
    });

    it('is cut on both sides when the engine closes', async () => {
      let upstreamEnded = 0;
      const upstream = await startUpstream();
      running.push(upstream);
      upstream.server.on('upgrade', (_request, socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        socket.resume();
        socket.on('end', () => {
          upstreamEnded++;
          socket.end();
        });
        socket.on('error', () => undefined);
      });
      const route = { uri: '/*', enable_websocket: true, upstream: { nodes: { [upstream.address]: 1 } } };
      const engine = await startEngine({ policies: [], sockets }, { revision: [resource('route', 'r1', route)] });
      const socket = connect(engine.port, '127.0.0.1');
      const received = collect(socket);
      socket.on('error', () => undefined);
      socket.write(handshake);
      await eventually(() => expect(received()).toContain('101'), { withinMs: 3000 });
      await engine.engine.close({ withinMs: 20 });
      await eventually(() => expect(upstreamEnded).toBe(1), { withinMs: 3000 });
    });

    it('is an ordinary call where the route does not allow it', async () => {
      const engine = await startShouter({});
      const socket = connect(engine.port, '127.0.0.1');
      const received = collect(socket);
      socket.write(handshake);
      await eventually(() => expect(received()).toMatch(/^HTTP\/1.1 200 [^]*\}$/), { withinMs: 3000 });
      expect(received()).not.toContain('"upgrade"');
      socket.destroy();
    });

    it('to another protocol is ignored', async () => {
      const engine = await startShouter({ enable_websocket: true });
      const answer = await send(engine.port, '/', {
        headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' },
      });
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain('h2c');
    });
  });

  describe('closing', () => {
    it('finishes calls under way and accepts no more', async () => {
      const answers: (() => void)[] = [];
      const upstream = await startUpstream((_request, response) => answers.push(() => response.end('done')));
      running.push(upstream);
      const engine = await startEngine(
        { policies: [], sockets },
        { revision: [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } })] },
      );
      const call = send(engine.port, '/');
      await eventually(() => expect(answers).toHaveLength(1), { withinMs: 3000 });
      const closed = engine.engine.close({ withinMs: 5000 });
      expect(engine.engine.status().isDraining).toBe(true);
      await expect(send(engine.port, '/')).rejects.toThrow('ECONNREFUSED');
      answers[0]?.();
      expect((await call).text).toBe('done');
      await closed;
      expect(engine.engine.drainLedger()).toMatchObject([{ status: 200, calls: 1 }]);
    });

    it('cuts calls that take longer than it may wait, and counts them', async () => {
      const upstream = await startUpstream(() => undefined);
      running.push(upstream);
      const engine = await startEngine(
        { policies: [], sockets },
        { revision: [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } })] },
      );
      const call = expect(send(engine.port, '/')).rejects.toThrow();
      await eventually(() => expect(upstream.requests).toHaveLength(1), { withinMs: 3000 });
      await engine.engine.close({ withinMs: 20 });
      await call;
      expect(engine.engine.drainLedger()).toMatchObject([{ status: 499, calls: 1 }]);
    });
  });

  describe('the address guard', () => {
    it.each(['127.0.0.1', 'localhost'])('refuses an upstream at %s on shared data planes', async (host) => {
      const upstream = await startUpstream();
      running.push(upstream);
      const route = resource('route', 'r1', {
        uri: '/*',
        upstream: { nodes: [{ host, port: upstream.port, weight: 1 }] },
      });
      const shared = await startEngine(
        { policies: [], sockets, guard: refusePrivateAddresses() },
        { revision: [route] },
      );
      running.push(shared);
      expect((await send(shared.port, '/')).json()).toMatchObject({
        status: 502,
        code: 'gateway.upstream_address_refused',
      });
      expect(upstream.requests).toHaveLength(0);
      const allowing = await startEngine(
        { policies: [], sockets, guard: refusePrivateAddresses(['127.0.0.0/8', '::1']) },
        { revision: [route] },
      );
      running.push(allowing);
      expect((await send(allowing.port, '/')).status).toBe(200);
    });

    it.each(['10.1.2.3', '169.254.169.254', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'fd00::1', '0.0.0.0'])(
      'knows %s as private',
      (address) => {
        const subject = { groupId: 'g', tenantId: 't', host: address };
        expect(refusePrivateAddresses().isAllowed(address, subject)).toBe(false);
      },
    );

    it.each(['8.8.8.8', '2606:4700::1'])('lets %s pass', (address) => {
      expect(refusePrivateAddresses().isAllowed(address, { groupId: 'g', tenantId: 't', host: address })).toBe(true);
    });
  });
});
