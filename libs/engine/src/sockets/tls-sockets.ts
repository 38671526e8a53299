import { connect as connectTlsSocket, createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { startListening } from './listening.ts';
import { watchConnecting } from './node-sockets.ts';
import { NodeSocket } from './node-socket.ts';
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
  /** 48 bytes; undefined: keys of its own. */
  readonly ticketKeys: Uint8Array | undefined;
  readonly handshakeTimeoutMs: number;
}

/** Listens for TLS; `accept` also gets the server name that the client asked for. */
export async function listenTls(
  scratch: Scratch,
  address: ListenAddress,
  { contextFor, defaultCertificate, ticketKeys, handshakeTimeoutMs }: TlsServerOptions,
  accept: (socket: Socket, serverName: string | null) => void,
): Promise<ListeningSocket> {
  const server = createServer({
    ...defaultCertificate,
    ...(ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(ticketKeys) }),
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
  server.on('secureConnection', (socket: TLSSocket) => {
    const { servername } = socket;
    accept(new NodeSocket(socket, scratch), typeof servername === 'string' ? servername : null);
  });
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  const listening = await startListening(server, address);
  server.on('connection', listening.accepted);
  return listening;
}

/** The client's side of TLS towards an upstream. */
export interface TlsClientOptions {
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/** Connects with TLS; `serverName` is sent as SNI when it is a name, and checked against the certificate. */
export function connectTls(
  scratch: Scratch,
  { address, port }: ConnectTarget,
  { serverName, ...tls }: TlsClientOptions & { readonly serverName: string | undefined },
  events: ConnectEvents,
): Connecting {
  const socket = connectTlsSocket({
    ...tls,
    host: address,
    port,
    ALPNProtocols: ['http/1.1'],
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  return watchConnecting(socket, 'secureConnect', {
    connected: () => events.connected(new NodeSocket(socket, scratch)),
    failed: (cause) => events.failed(cause),
  });
}
