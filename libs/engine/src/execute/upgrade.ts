import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HeaderList } from './header-list.ts';
import { removeHopByHop } from './hop-by-hop.ts';

/** Tells the client that its protocol is spoken from now on, as the upstream has said it. */
export function answerUpgrade(
  response: ServerResponse,
  socket: Duplex,
  { answer, requestId }: { answer: IncomingMessage; requestId: string },
): void {
  const headers = new HeaderList(answer.rawHeaders);
  const protocol = headers.get('upgrade') ?? 'websocket';
  removeHopByHop(headers);
  headers.set('X-Request-Id', requestId);
  headers.set('Connection', 'Upgrade');
  headers.set('Upgrade', protocol);
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket instanceof Socket) response.detachSocket(socket);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`, 'latin1');
}

/** Both connections and what was read of them too early. */
export interface SocketPair {
  readonly client: Duplex;
  readonly clientHead: Buffer;
  readonly upstream: Duplex;
  readonly upstreamHead: Buffer;
}

/** Passes bytes both ways until either side ends; an error on one closes the other. */
export function joinSockets({ client, clientHead, upstream, upstreamHead }: SocketPair): void {
  if (clientHead.length > 0) upstream.write(clientHead);
  if (upstreamHead.length > 0) client.write(upstreamHead);
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    if (from instanceof Socket) from.setTimeout(0);
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
    from.pipe(to);
  }
}
