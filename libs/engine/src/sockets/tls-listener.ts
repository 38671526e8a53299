import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket as NetSocket } from 'node:net';
import { createServer as createTlsServer, type SecureContext, type Server, type TLSSocket } from 'node:tls';
import type { ConnectionLease } from './connection-limits.ts';
import { NodeSocket } from './node-socket.ts';
import { listenBacklog, stopListening } from './raw-sockets.ts';
import type { Scratch } from './scratch.ts';
import type { ListenAddress, ListeningSocket, Socket } from './socket.ts';
import type { KeyPair } from './tls-sockets.ts';

/** How a TLS server presents itself. */
export interface TlsServerOptions {
  readonly contextFor: (serverName: string) => SecureContext | undefined;
  /** Shown for names without a certificate and to clients that name none; without it they are refused. */
  readonly defaultCertificate: KeyPair | undefined;
  readonly handshakeTimeoutMs: number;
}

/** Lets a connection in before its handshake; `next` gets what was read too early. */
export type TlsEntrance = (
  socket: Socket,
  next: (socket: Socket, lease: ConnectionLease, unread: Buffer) => void,
) => void;

/** A connection whose handshake is done. */
export interface SecureConnection {
  readonly socket: Socket;
  readonly lease: ConnectionLease;
  /** The name that the client asked for. */
  readonly serverName: string | null;
}

/** What a connection has brought along when its handshake begins. */
interface Handshake {
  readonly peerAddress: string;
  readonly lease: ConnectionLease;
}

/** Listens for TLS. Every connection passes `enter`; its lease leaves when the connection is gone. */
export async function listenTls(
  scratch: Scratch,
  address: ListenAddress,
  options: TlsServerOptions & { readonly enter: TlsEntrance },
  accept: (connection: SecureConnection) => void,
): Promise<ListeningSocket> {
  const handshakes = new Map<string, Handshake>();
  const secure = createSecureServer(options);
  secure.on('secureConnection', (socket: TLSSocket) => {
    const handshake = handshakes.get(endsOf(socket));
    if (handshake === undefined) {
      socket.destroy();
      return;
    }
    const { servername } = socket;
    const { lease, peerAddress } = handshake;
    const accepted = new NodeSocket(socket, scratch);
    accepted.peerAddress = peerAddress;
    accept({ socket: accepted, lease, serverName: typeof servername === 'string' ? servername : null });
  });
  secure.on('tlsClientError', (_cause, socket) => socket.destroy());
  const plain = createTcpServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
    const entering = new NodeSocket(socket, scratch);
    options.enter(entering, ({ peerAddress }, lease, unread) => {
      const ends = endsOf(socket);
      handshakes.set(ends, { peerAddress, lease });
      beginHandshake(secure, entering.release(unread), () => {
        handshakes.delete(ends);
        lease.leave();
      });
    });
  });
  plain.listen({ ...address, backlog: listenBacklog });
  await once(plain, 'listening');
  const bound = plain.address() as AddressInfo;
  return { host: bound.address, port: bound.port, close: () => stopListening(plain) };
}

function createSecureServer({ contextFor, defaultCertificate, handshakeTimeoutMs }: TlsServerOptions): Server {
  return createTlsServer({
    ...defaultCertificate,
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: handshakeTimeoutMs,
    allowHalfOpen: true,
    noDelay: true,
    SNICallback: (serverName, done) => {
      const context = contextFor(serverName.toLowerCase());
      if (context === undefined && defaultCertificate === undefined) {
        done(new Error(`no certificate for ${serverName}`));
      } else {
        done(null, context);
      }
    },
  });
}

function beginHandshake(server: Server, socket: NetSocket, gone: () => void): void {
  if (socket.destroyed) gone();
  else socket.once('close', gone);
  server.emit('connection', socket);
}

/** Names a connection among those that are open: the sockets before and after the handshake have it in common. */
function endsOf({ localAddress, localPort, remoteAddress, remotePort }: NetSocket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
