import type { NoiseReason } from '../metrics.ts';
import { Entrance, type EntranceRules, type EntranceServices } from '../proxy-protocol/entrance.ts';
import type { ClientCertificate } from '../sockets/client-certificate.ts';
import { type ClientHello, readClientHello } from '../sockets/client-hello.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import { feed, FirstBytes } from '../sockets/first-bytes.ts';
import type { ListeningSocket, Socket } from '../sockets/socket.ts';
import { StreamConnection, type StreamServices } from './stream-connection.ts';
import type { StreamDirectory } from './stream-directory.ts';
import { refusalOf } from './stream-refusal.ts';

/** What listeners for streams work with. */
export interface StreamListenerServices extends StreamServices, EntranceServices {
  readonly limits: StreamServices['limits'] & EntranceServices['limits'] & { readonly streamHelloTimeoutMs: number };
  readonly directory: StreamDirectory;
}

const noBytes = Buffer.alloc(0);

/** A TCP port, with or without TLS, whose connections are passed on by stream routes. */
export class StreamListener {
  readonly entrance: Entrance;
  readonly #services: StreamListenerServices;
  readonly #connections = new Set<StreamConnection>();
  /** Connections whose server name is still coming. */
  readonly #greeting = new Set<() => void>();
  #listening: ListeningSocket | null = null;
  #isDraining = false;
  #whenEmpty: (() => void) | null = null;

  constructor(services: StreamListenerServices, rules: EntranceRules) {
    this.#services = services;
    this.entrance = new Entrance(services, rules);
  }

  /** Takes a connection without TLS, or with TLS that is passed through. */
  accept(socket: Socket): void {
    this.entrance.accept(socket, (admitted, lease, unread) => {
      if (this.#services.directory.asksForServerName(admitted.localPort)) this.#peek(admitted, lease, unread);
      else this.#serve(admitted, lease, { serverName: null, unread });
    });
  }

  /** Takes a connection whose TLS ends here. */
  acceptSecure(
    socket: Socket,
    lease: ConnectionLease,
    serverName: string | null,
    certificate: ClientCertificate | null,
  ) {
    this.#serve(socket, lease, {
      serverName,
      unread: noBytes,
      isTrusted: (certificate?.verify ?? 'SUCCESS') === 'SUCCESS',
    });
  }

  attach(listening: ListeningSocket): { readonly host: string; readonly port: number } {
    this.#listening = listening;
    return { host: listening.host, port: listening.port };
  }

  /** Accepts nothing more, lets streams end within the time, then cuts what is left. */
  async close(withinMs: number): Promise<void> {
    await this.#listening?.close();
    this.#isDraining = true;
    this.entrance.close();
    for (const giveUp of this.#greeting) giveUp();
    if (this.#connections.size === 0) return;
    const empty = Promise.withResolvers<void>();
    this.#whenEmpty = empty.resolve;
    const cut = setTimeout(() => this.#cut(), withinMs);
    await empty.promise;
    clearTimeout(cut);
  }

  /** Reads ahead to the server name of a TLS client; whoever says something else, or nothing, has none. */
  #peek(socket: Socket, lease: ConnectionLease, unread: Buffer): void {
    const { deadlines, limits } = this.#services;
    const giveUp = () => {
      this.#greeting.delete(giveUp);
      first.cancel();
      lease.leave();
    };
    const proceed = (serverName: string | null, bytes: Buffer) => {
      this.#greeting.delete(giveUp);
      this.#serve(socket, lease, { serverName, unread: bytes });
    };
    const first = new FirstBytes<ClientHello | 'bad'>(socket, {
      read: readClientHello,
      deadlines,
      timeoutMs: limits.streamHelloTimeoutMs,
      failed: (reason, bytes) => (reason === 'too-late' ? proceed(null, bytes) : giveUp()),
      done: (hello, bytes) => proceed(hello === 'bad' ? null : hello.serverName, bytes),
    });
    this.#greeting.add(giveUp);
    feed(socket, unread);
  }

  #serve(
    client: Socket,
    lease: ConnectionLease,
    { serverName, unread, isTrusted = true }: { serverName: string | null; unread: Buffer; isTrusted?: boolean },
  ): void {
    const facts = {
      transport: 'tcp',
      clientAddress: client.peerAddress,
      serverAddress: client.localAddress,
      serverPort: client.localPort,
      serverName,
    } as const;
    const { directory } = this.#services;
    const match = this.#isDraining ? undefined : directory.findStream(facts);
    if (match === undefined) {
      if (!this.#isDraining) this.#noise('stream-unmatched');
      lease.leave();
      client.destroy();
      return;
    }
    const ended = (connection: StreamConnection) => this.#ended(connection);
    const connection = new StreamConnection(this.#services, { client, lease, facts, match, ended });
    this.#connections.add(connection);
    feed(client, unread);
    connection.start(isTrusted ? refusalOf(match, directory) : 400);
  }

  #noise(reason: NoiseReason): void {
    this.#services.metrics.noise(reason);
  }

  #ended(connection: StreamConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  #cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }
}
