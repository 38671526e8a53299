import type { X509Certificate } from 'node:crypto';
import type { Server, TLSSocket } from 'node:tls';

/**
 * The certificates that clients have shown. Node looks at a client's certificate itself before it hands the connection over, and that look
 * takes the chain away (nodejs/node#65579, in 24.21 and 26.8), so this one comes before.
 */
export class ShownChains {
  readonly #byConnection = new WeakMap<TLSSocket, X509Certificate>();
  readonly #watched = new WeakSet<TLSSocket>();

  /** Keeps what is shown in the handshakes of a server. */
  watch(server: Server): void {
    // The one event of a server that tells of a connection before its handshake is over, in all versions of TLS; the keys are of no interest.
    server.on('keylog', (_line, socket) => {
      if (this.#watched.has(socket)) return;
      this.#watched.add(socket);
      socket.prependOnceListener('secure', () => this.#keep(socket));
    });
  }

  /** The client's certificate, with those that came along as its `issuerCertificate` and so on; undefined when it has shown none. */
  of(socket: TLSSocket): X509Certificate | undefined {
    return this.#byConnection.get(socket) ?? socket.getPeerX509Certificate();
  }

  #keep(socket: TLSSocket): void {
    const certificate = socket.getPeerX509Certificate();
    if (certificate !== undefined) this.#byConnection.set(socket, certificate);
  }
}
