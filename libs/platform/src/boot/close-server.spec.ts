import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { closerOf } from './close-server.ts';

async function start() {
  const { promise: answer, resolve } = Promise.withResolvers<void>();
  const server = createServer((_request, response) => void answer.then(() => response.end('done')));
  const close = closerOf(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, close, answer: resolve, url: `http://127.0.0.1:${port}`, port };
}

describe('closing a server', () => {
  it('waits for no connection on which nothing was ever asked', async () => {
    const { close, port } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await close();
    await ended;
  });

  it('waits for the answer to what was asked', async () => {
    const { server, close, answer, url } = await start();
    const arrived = once(server, 'request');
    const asked = fetch(url, { headers: { connection: 'close' } });
    await arrived;
    const closed = close();
    setTimeout(answer, 700);
    expect(await (await asked).text()).toBe('done');
    await closed;
  });
});
