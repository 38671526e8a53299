import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { resource, socketKinds, startEngine, startUpstream } from '../testing/index.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const connections = 48;
/** A connection's buffers, but none of the blocks of 64 KiB that the runtime cuts small ones from. */
const mostBytesEach = 8 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of all buffers in use: what is garbage is freed beside the program, so it takes some collections until none of it is counted. */
async function bufferBytes(): Promise<number> {
  for (let collections = 0; collections < 5; collections++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers;
}

/** Uses up what is left of the runtime's block, as other traffic would between two of a connection's requests. */
function useUpBlock(): void {
  for (let count = 0; count < 8; count++) Buffer.allocUnsafe(Buffer.poolSize / 4);
}

describe.each(socketKinds)('on %s sockets', (sockets) => {
  async function start(): Promise<number> {
    const upstream = await startUpstream((_request, response) => response.end('ok'));
    ends.push(() => upstream.stop());
    const route = resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } } });
    const engine = await startEngine({ policies: [], sockets }, { revision: [route] });
    ends.push(() => engine.stop());
    return engine.port;
  }

  async function open(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    ends.push(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  }

  async function ask(socket: Socket): Promise<void> {
    socket.write('GET / HTTP/1.1\r\nHost: api.test\r\nX-Own: something that is said again each time\r\n\r\n');
    await once(socket, 'data');
  }

  /** Uses many open connections, and resolves when they hold no more than they may. */
  async function holdLittleAfter(use: (socket: Socket) => Promise<void>): Promise<void> {
    const port = await start();
    const open48 = await Promise.all(Array.from({ length: connections }, () => open(port)));
    await use(await open(port));
    const before = await bufferBytes();
    for (const socket of open48) {
      await use(socket);
      useUpBlock();
    }
    await eventually(async () => expect(((await bufferBytes()) - before) / connections).toBeLessThan(mostBytesEach), {
      withinMs: 3000,
    });
  }

  it('an idle connection that has said the same again keeps no shared memory from being given back', async () => {
    await holdLittleAfter(async (socket) => {
      for (let count = 0; count < 3; count++) await ask(socket);
    });
  });

  it('a connection that has stopped in a head keeps no shared memory from being given back', async () => {
    const write = (socket: Socket) =>
      new Promise<void>((resolve) => {
        socket.write('GET / HTTP/1.1\r\n', () => setImmediate(resolve));
      });
    await holdLittleAfter(write);
  });
});
