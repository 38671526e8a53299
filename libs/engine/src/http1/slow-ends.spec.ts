import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, socketKinds, startEngine, startUpstream } from '../testing/index.ts';

describe.each(socketKinds)('a client that is slow at the end, on %s sockets', (sockets) => {
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.stop();
  });

  it('and never takes the rest of its last answer loses the connection when its time is over', async () => {
    const policy = definePolicy({
      name: 'large',
      title: 'Large',
      description: 'A large answer of its own.',
      priority: 1,
      direction: 'inbound',
      shared: 'allowed',
      schema: z.looseObject({}),
      errors: [],
      compile: () => ({ onRequest: (call) => call.respond({ status: 200, body: Buffer.alloc(32 * 1024 * 1024) }) }),
    });
    const route = resource('route', 'r1', { uri: '/*', upstream: { nodes: {} }, plugins: { large: {} } });
    const engine = await startEngine(
      { policies: [policy], sockets, limits: { bodyStallMs: 200 } },
      { revision: [route] },
    );
    running.push(engine);
    const client = connect(engine.port, '127.0.0.1').pause();
    client.on('error', () => undefined);
    client.write('GET / HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n');
    await eventually(() => expect(engine.engine.drainLedger()).toMatchObject([{ status: 200 }]), { withinMs: 3000 });
    expect(engine.engine.status().connections).toBe(1);
    await eventually(() => expect(engine.engine.status().connections).toBe(0), { withinMs: 3000 });
    client.destroy();
  });

  it('of a tunnel that both sides have ended still gets everything', async () => {
    const bytes = 24 * 1024 * 1024;
    const upstream = await startUpstream();
    running.push(upstream);
    upstream.server.on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      socket.on('end', () => socket.end(Buffer.alloc(bytes)));
      socket.resume();
    });
    const nodes = { [upstream.address]: 1 };
    const engine = await startEngine(
      { policies: [], sockets },
      { revision: [resource('route', 'r1', { uri: '/*', enable_websocket: true, upstream: { nodes } })] },
    );
    running.push(engine);
    const client = connect({ port: engine.port, host: '127.0.0.1', allowHalfOpen: true });
    client.write('GET / HTTP/1.1\r\nHost: api.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let received = 0;
    client.on('data', (data) => (received += data.length));
    await eventually(() => expect(received).toBeGreaterThan(0), { withinMs: 3000 });
    const head = received;
    client.pause();
    client.end();
    await pause(100);
    client.resume();
    await eventually(() => expect(received).toBe(head + bytes), { withinMs: 10_000 });
    client.destroy();
  });
});
