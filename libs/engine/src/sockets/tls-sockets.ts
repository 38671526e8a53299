import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { connect as connectTlsSocket, createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { watchConnecting } from './node-sockets.ts';
import { NodeSocket } from './node-socket.ts';
import { listenBacklog, stopListening } from './raw-sockets.ts';
import type { Scratch } from './scratch.ts';
import type { ConnectEvents, Connecting, ConnectTarget, ListenAddress, ListeningSocket, Socket } from './socket.ts';

/** A private key and its certificate chain, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** How a TLS server presents itself. */
export interface TlsServerOptions {
  readonly contextFor: (serverName: string) => SecureContext | undefined;
  /** Shown for names without a certificate and to clients that name none; without it they are refused. */
  readonly defaultCertificate: KeyPair | undefined;
  readonly handshakeTimeoutMs: number;
}

/** What the handshake has told of a client. */
export interface TlsPeer {
  /** The name that the client asked for, or null. */
  readonly serverName: string | null;
  /** HTTP/2 was agreed on. */
  readonly isHttp2: boolean;
}

/** Listens for TLS. */
export async function listenTls(
  scratch: Scratch,
  address: ListenAddress,
  { contextFor, defaultCertificate, handshakeTimeoutMs }: TlsServerOptions,
  accept: (socket: Socket, peer: TlsPeer) => void,
): Promise<ListeningSocket> {
  const server = createServer({
    ...defaultCertificate,
    ALPNProtocols: ['h2', 'http/1.1'],
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
  server.on('secureConnection', (socket: TLSSocket) => {
    const { servername, alpnProtocol } = socket;
    const serverName = typeof servername === 'string' ? servername : null;
    accept(new NodeSocket(socket, scratch), { serverName, isHttp2: alpnProtocol === 'h2' });
  });
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  server.listen({ ...address, backlog: listenBacklog });
  await once(server, 'listening');
  const bound = server.address() as AddressInfo;
  return { host: bound.address, port: bound.port, close: () => stopListening(server) };
}

/** The client's side of TLS towards an upstream. */
export interface TlsClientOptions {
  /** With the certificate to show, if there is one. */
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized: boolean;
  /** What is to be spoken; default HTTP/1.1. A server that does not agree to HTTP/2 is not connected to. */
  readonly protocol?: 'h2' | 'http/1.1';
}

/** Connects with TLS; `serverName` is sent as SNI when it is a name, and checked against the certificate. */
export function connectTls(
  scratch: Scratch,
  { address, port }: ConnectTarget,
  { serverName, protocol = 'http/1.1', ...tls }: TlsClientOptions & { readonly serverName: string | undefined },
  events: ConnectEvents,
): Connecting {
  const socket = connectTlsSocket({
    ...tls,
    host: address,
    port,
    ALPNProtocols: [protocol],
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  return watchConnecting(socket, 'secureConnect', {
    connected: () => {
      if (protocol === 'h2' && socket.alpnProtocol !== 'h2') {
        socket.destroy();
        events.failed(new Error(`${address}:${port} does not speak HTTP/2`));
      } else {
        events.connected(new NodeSocket(socket, scratch));
      }
    },
    failed: (cause) => events.failed(cause),
  });
}
