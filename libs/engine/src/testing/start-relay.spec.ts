import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startRelay } from './start-relay.ts';
import { startUpstream } from './test-upstream.ts';

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

it('a relay passes bytes on both ways, as many as there are', async () => {
  const upstream = await startUpstream((_, response) => response.end('x'.repeat(5_000_000)));
  running.push(upstream);
  const relay = await startRelay(0, Number(upstream.address.split(':').at(-1)));
  running.push({ stop: () => relay.close() });
  const client = connect(relay.port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
  let received = 0;
  for await (const bytes of client) received += (bytes as Buffer).length;
  expect(received).toBeGreaterThan(5_000_000);
});
