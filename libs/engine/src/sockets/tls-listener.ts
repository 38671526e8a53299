import { createServer, type Socket as NetSocket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ClientCertificate, type ClientDemand, judgeClient } from './client-certificate.ts';
import { type ClientHello, readClientHello } from './client-hello.ts';
import type { ConnectionLease } from './connection-limits.ts';
import type { Deadlines } from './deadlines.ts';
import { feed, FirstBytes } from './first-bytes.ts';
import { NodeSocket } from './node-socket.ts';
import { startListening } from './listening.ts';
import type { Scratch } from './scratch.ts';
import { ShownChains } from './shown-chains.ts';
import type { ListenAddress, ListeningSocket, Socket } from './socket.ts';
import { type TlsServerOptions, TlsServers } from './tls-servers.ts';

/** Lets a connection in before its handshake; `next` gets what was read too early, valid until it returns. */
export type TlsEntrance = (
  socket: Socket,
  next: (socket: Socket, lease: ConnectionLease, unread: Buffer) => void,
) => void;

/** What a TLS listener works with. */
export interface TlsListenerOptions extends TlsServerOptions {
  readonly scratch: Scratch;
  readonly deadlines: Deadlines;
  readonly enter: TlsEntrance;
}

/** A connection whose handshake is done. */
export interface SecureConnection {
  readonly socket: Socket;
  readonly lease: ConnectionLease;
  /** The name that the client asked for. */
  readonly serverName: string | null;
  /** HTTP/2 was agreed on. */
  readonly isHttp2: boolean;
  /** Null where the host demands none. */
  readonly clientCertificate: ClientCertificate | null;
}

/** What a connection has brought along when its handshake begins. */
interface Handshake {
  readonly peerAddress: string;
  readonly lease: ConnectionLease;
  readonly demand: ClientDemand | null;
}

/**
 * Listens for TLS. Every connection passes `enter`; its lease leaves when the connection is gone. The client's first message is read ahead,
 * because the host that it names decides how the handshake goes.
 */
export async function listenTls(
  address: ListenAddress,
  options: TlsListenerOptions,
  accept: (connection: SecureConnection) => void,
): Promise<ListeningSocket> {
  const listener = new TlsListener(options, accept);
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    listener.take(socket),
  );
  const listening = await startListening(server, address);
  server.on('connection', listening.accepted);
  return {
    host: listening.host,
    port: listening.port,
    async close() {
      await listening.close();
      listener.close();
    },
  };
}

class TlsListener {
  readonly #options: TlsListenerOptions;
  readonly #servers: TlsServers;
  readonly #chains = new ShownChains();
  readonly #accept: (connection: SecureConnection) => void;
  /** By the ends of the connection; bounded, as all that follows, by the room that leases stand for. */
  readonly #handshakes = new Map<string, Handshake>();
  readonly #greeting = new Set<() => void>();

  constructor(options: TlsListenerOptions, accept: (connection: SecureConnection) => void) {
    this.#options = options;
    this.#accept = accept;
    this.#servers = new TlsServers(options, (server, { demand }) => {
      if (demand !== null) this.#chains.watch(server);
      server.on('secureConnection', (socket) => this.#secured(socket));
      server.on('tlsClientError', (_cause, socket) => socket.destroy());
    });
  }

  take(socket: NetSocket): void {
    const entering = new NodeSocket(socket, this.#options.scratch);
    this.#options.enter(entering, ({ peerAddress }, lease, unread) => {
      this.#awaitHello(entering, unread, {
        done: (hello, bytes) => {
          const name = hello === 'bad' ? null : hello.serverName;
          const host = name === null ? undefined : this.#options.hostFor(name);
          const handshake = { peerAddress, lease, demand: host?.demand ?? null };
          this.#begin(entering.toNetSocket(bytes), handshake, this.#servers.for(host));
        },
        failed: () => lease.leave(),
      });
    });
  }

  /** Gives up connections that have not said anything yet. */
  close(): void {
    for (const giveUp of this.#greeting) giveUp();
  }

  #awaitHello(
    socket: Socket,
    unread: Buffer,
    events: { done: (hello: ClientHello | 'bad', bytes: Buffer) => void; failed: () => void },
  ): void {
    const { deadlines, handshakeTimeoutMs } = this.#options;
    const giveUp = () => {
      this.#greeting.delete(giveUp);
      first.cancel();
      events.failed();
    };
    const first = new FirstBytes<ClientHello | 'bad'>(socket, {
      read: readClientHello,
      deadlines,
      timeoutMs: handshakeTimeoutMs,
      failed: giveUp,
      done: (hello, bytes) => {
        this.#greeting.delete(giveUp);
        events.done(hello, bytes);
      },
    });
    this.#greeting.add(giveUp);
    feed(socket, unread);
  }

  #begin(socket: NetSocket, handshake: Handshake, server: ReturnType<TlsServers['for']>): void {
    const ends = endsOf(socket);
    this.#handshakes.set(ends, handshake);
    const gone = () => {
      this.#handshakes.delete(ends);
      handshake.lease.leave();
    };
    if (socket.destroyed) {
      gone();
      return;
    }
    socket.once('close', gone);
    socket.on('error', () => undefined);
    server.emit('connection', socket);
  }

  #secured(socket: TLSSocket): void {
    const handshake = this.#handshakes.get(endsOf(socket));
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    const { peerAddress, lease, demand } = handshake;
    const { servername, alpnProtocol } = socket;
    const clientCertificate = demand === null ? null : judgeClient(socket, this.#chains.of(socket), demand);
    const secured = new NodeSocket(socket, this.#options.scratch);
    secured.peerAddress = peerAddress;
    const serverName = typeof servername === 'string' ? servername.toLowerCase() : null;
    const isHttp2 = alpnProtocol === 'h2';
    this.#accept({ socket: secured, lease, serverName, isHttp2, clientCertificate });
  }
}

/** Names a connection among those that are open: the sockets before and after the handshake have it in common. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: NetSocket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
