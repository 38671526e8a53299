import { connect as connectTlsSocket, type SecureContext } from 'node:tls';
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
  /** With the certificate to show, if there is one. */
  readonly secureContext?: SecureContext;
  readonly rejectUnauthorized: boolean;
  /** What is to be spoken; default HTTP/1.1. A server that does not agree to HTTP/2 is not connected to. */
  readonly protocol?: 'h2' | 'http/1.1';
}

/** A node that has said everything may still be talked to. An option of Node that its types do not know. */
const halfOpen = { allowHalfOpen: true };

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
    ...halfOpen,
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
