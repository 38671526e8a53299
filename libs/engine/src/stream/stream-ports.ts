import type { AddressGuard } from '../upstream/address-guard.ts';
import type { EntranceRules } from '../proxy-protocol/entrance.ts';
import type { StaplerServices } from '../sockets/ocsp/stapler.ts';
import { listenTls } from '../sockets/tls-listener.ts';
import type { ListenAddress, Sockets } from '../sockets/socket.ts';
import { StreamListener, type StreamListenerServices } from './stream-listener.ts';
import { UdpListener, type UdpListenerServices } from './udp-listener.ts';

/** `tcp`: passed on as it is; `tls`: TLS ends at the port; `udp`: datagrams. */
export type StreamKind = 'tcp' | 'tls' | 'udp';

/** What the ports for streams work with. */
export type StreamPortServices = StreamListenerServices &
  UdpListenerServices & {
    readonly sockets: Sockets;
    readonly guard: AddressGuard;
    readonly stapling: StaplerServices;
    readonly limits: { readonly headTimeoutMs: number };
  };

/** The ports whose connections go by stream routes. */
export class StreamPorts {
  readonly #services: StreamPortServices;
  readonly #open: { close(withinMs: number): Promise<void> }[] = [];

  constructor(services: StreamPortServices) {
    this.#services = services;
  }

  async listen(
    kind: StreamKind,
    address: ListenAddress,
    proxies: EntranceRules['proxies'],
  ): Promise<{ readonly host: string; readonly port: number }> {
    if (kind === 'udp') {
      const listener = new UdpListener(this.#services, address);
      this.#open.push(listener);
      return listener.listen(address);
    }
    const listener = new StreamListener(this.#services, { proxies, tellsWhy: false });
    this.#open.push(listener);
    return listener.attach(
      kind === 'tls'
        ? await this.#listenTls(listener, address)
        : await this.#services.sockets.listen(address, (socket) => listener.accept(socket)),
    );
  }

  /** Accepts nothing more, lets streams end within the time, then cuts what is left. */
  async close(withinMs: number): Promise<void> {
    await Promise.all(this.#open.splice(0).map((listener) => listener.close(withinMs)));
  }

  #listenTls(listener: StreamListener, address: ListenAddress) {
    const { scratch, deadlines, directory, limits, stapling } = this.#services;
    return listenTls(
      address,
      {
        scratch,
        deadlines,
        hostFor: (serverName) => directory.findHost(serverName),
        defaultCertificate: undefined,
        ticketKeys: undefined,
        handshakeTimeoutMs: limits.headTimeoutMs,
        alpn: [],
        stapling,
        enter: (socket, next) => listener.entrance.accept(socket, next),
      },
      ({ socket, lease, serverName, clientCertificate }) =>
        listener.acceptSecure(socket, lease, serverName, clientCertificate),
    );
  }
}
