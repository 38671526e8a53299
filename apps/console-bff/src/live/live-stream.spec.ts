import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { LiveStream } from './live-stream.ts';

it('is cut off when its reader is too slow, with a bounded number of bytes waiting', async () => {
  const { promise: answering, resolve } = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => resolve(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
  reader.pause();
  reader.on('error', () => undefined);
  reader.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');

  const response = await answering;
  const stream = new LiveStream(response, ['gateways.read']);
  stream.open('r-1');
  let written = 0;
  while (!response.destroyed && written < 1_000_000) {
    stream.changed([{ topic: 'gateway.data-plane', id: 'x'.repeat(100) }]);
    written += 1;
    if (written % 1000 === 0) await new Promise((done) => setImmediate(done));
  }
  expect(response.destroyed).toBe(true);
  expect(response.writableLength).toBeLessThan(128 * 1024);
  stream.changed([{ topic: 'gateway.data-plane' }]);
  reader.destroy();
  server.close();
});
