import { connect as connectTlsSocket } from 'node:tls';
import { watchConnecting } from './node-sockets.ts';
import { NodeSocket } from './node-socket.ts';
import type { Scratch } from './scratch.ts';
import type { ConnectEvents, Connecting, ConnectTarget } from './socket.ts';

/** A private key and its certificate chain, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** The client's side of TLS towards an upstream. */
export interface TlsClientOptions {
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/** A node that has said everything may still be talked to. An option of Node that its types do not know. */
const halfOpen = { allowHalfOpen: true };

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
    ...halfOpen,
    ALPNProtocols: ['http/1.1'],
    ...(serverName === undefined ? {} : { servername: serverName }),
  });
  return watchConnecting(socket, 'secureConnect', {
    connected: () => events.connected(new NodeSocket(socket, scratch)),
    failed: (cause) => events.failed(cause),
  });
}
