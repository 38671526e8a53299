import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy for CONNECT that a suite can make fail. */
export interface ConnectProxy {
  readonly url: string;
  /** Tunnels opened so far. */
  readonly tunnels: number;
  /** Cuts every tunnel and refuses new ones, until told otherwise. */
  refuse(isRefusing: boolean): void;
  /** From now on requests arrive and their answers do not: what comes back on a tunnel after its handshake cuts it. */
  loseAnswers(isLosing: boolean): void;
  close(): Promise<void>;
}

/** More comes back in a TLS handshake of the link than in any of its short answers. */
const handshakeBytes = 1_500;

/** Starts a proxy on a free loopback port. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  const state = { tunnels: 0, isRefusing: false, isLosing: false };
  const open = new Set<Duplex>();
  const track = (socket: Duplex): void => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
  };
  const server = createServer();
  server.on('connect', (request, client: Socket, head: Buffer) => {
    track(client);
    if (state.isRefusing) {
      client.destroy();
      return;
    }
    state.tunnels += 1;
    const [hostname, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), hostname);
    track(target);
    target.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      client.pipe(target);
    });
    let returned = 0;
    target.on('data', (chunk: Buffer) => {
      returned += chunk.length;
      if (state.isLosing && returned > handshakeBytes + chunk.length) client.destroy();
      else client.write(chunk);
    });
    client.once('close', () => target.destroy());
    target.once('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get tunnels() {
      return state.tunnels;
    },
    refuse(isRefusing) {
      state.isRefusing = isRefusing;
      if (isRefusing) open.forEach((socket) => socket.destroy());
    },
    loseAnswers(isLosing) {
      state.isLosing = isLosing;
    },
    async close() {
      // A connection that was accepted just now may still ask for its tunnel.
      state.isRefusing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      open.forEach((socket) => socket.destroy());
      server.closeAllConnections();
      await closed;
    },
  };
}
