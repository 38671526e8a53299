import { connect } from 'node:net';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, socketKinds, startEngine } from '../testing/index.ts';

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
});
