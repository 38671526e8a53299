/** Upstreams on bare TCP that do what the path of a request asks for; see `acts.ts`. Plays the part of {@link upstreamPart}. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { valuesOf } from '../../http/header-fields.ts';
import { parseRequest } from '../../http/request-parser.ts';
import { SeededRandom } from '../random.ts';
import { acts, earlyActs, wishOf } from './acts.ts';
import { playPart } from './play-part.ts';

const upstreamPart = z.object({ seed: z.int(), servers: z.array(z.string()).min(1) });

/** Requests that no server here could make sense of: the gateway must not send such. */
let senseless = 0;

function serve(socket: Socket, server: string, random: SeededRandom): void {
  let received: Buffer[] = [];
  let acting: Promise<void> = Promise.resolve();
  let hasBegunEarly = false;
  let isTunnel = false;
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.end());

  const begin = (target: string, method: string, body: Buffer, among = acts): boolean => {
    const wish = wishOf(target);
    const act = wish === null ? undefined : among[wish.act];
    if (wish === null || act === undefined) return false;
    acting = acting.then(() => act(wish, { socket, server, random, method, body }));
    return true;
  };
  const advance = (): void => {
    for (;;) {
      const all = received.length === 1 ? (received[0] ?? Buffer.alloc(0)) : Buffer.concat(received);
      received = all.length === 0 ? [] : [all];
      if (all.length === 0) return;
      const parsed = parseRequest(all);
      if (parsed.kind === 'malformed') {
        senseless += 1;
        socket.destroy();
        return;
      }
      const request = parsed.kind === 'request' ? parsed.request : parsed.head;
      if (request === null) return;
      if (!hasBegunEarly) hasBegunEarly = begin(request.target, request.method, Buffer.alloc(0), earlyActs);
      if (parsed.kind === 'incomplete' || hasBegunEarly) return;
      received = [all.subarray(parsed.request.end)];
      if (valuesOf(request.fields, 'upgrade').includes('websocket')) {
        isTunnel = true;
        socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
        return;
      }
      if (!begin(request.target, request.method, parsed.request.body)) {
        senseless += 1;
        socket.destroy();
      }
    }
  };
  socket.on('data', (bytes: Buffer) => {
    if (isTunnel) {
      socket.write(bytes);
      return;
    }
    if (hasBegunEarly) return;
    received.push(bytes);
    advance();
  });
}

await playPart(upstreamPart, async ({ seed, servers }) => {
  const random = new SeededRandom(seed);
  const open = new Set<Socket>();
  const ports: Record<string, number> = {};
  for (const name of servers) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      serve(socket, name, random);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
    ports[name] = (server.address() as AddressInfo).port;
  }
  return { ready: { ports }, answer: async () => ({ senseless, open: open.size }) };
});
