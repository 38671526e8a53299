import { setTimeout as pause } from 'node:timers/promises';
import type { Socket as NetSocket } from 'node:net';
import { ClientSession } from '../http2/client-session.ts';
import { Entrance, type EntranceRules, type EntranceServices } from '../proxy-protocol/entrance.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import { feed } from '../sockets/first-bytes.ts';
import type { ListeningSocket, Socket } from '../sockets/socket.ts';
import { type ConnectionFacts, factsOf } from './admission.ts';
import { ClientConnection, type ClientConnectionOptions } from './client-connection.ts';
import type { ConnectionRegistry, OpenConnection } from './connection-registry.ts';
import type { HttpServices } from './services.ts';

/** A connection over TLS comes here after its handshake; one that is under way when listening ends gets so much time for it. */
const handshakeMs = 1000;

/** A listening socket. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** What a port knows about its connections. */
type ListenerFacts = Omit<ClientConnectionOptions['facts'], 'lease'>;

/** What a listener works with. */
export type ListenerServices = HttpServices & EntranceServices;

/** One HTTP or HTTPS port and the connections that came through it. */
export class HttpListener implements ConnectionRegistry {
  isDraining = false;
  /** What connections pass before they are served here. */
  readonly entrance: Entrance;
  readonly #services: HttpServices;
  readonly #connections = new Map<OpenConnection, ConnectionLease>();
  #listening: ListeningSocket | null = null;
  #scheme: Listener['scheme'] = 'http';
  #whenEmpty: (() => void) | null = null;

  constructor(services: ListenerServices, rules: EntranceRules) {
    this.#services = services;
    this.entrance = new Entrance(services, rules);
  }

  /** Takes a connection that was accepted and has not passed the entrance yet. */
  accept(socket: Socket, facts: ListenerFacts): void {
    this.entrance.accept(socket, (admitted, lease, unread) => {
      this.serve(admitted, lease, facts);
      feed(admitted, unread);
    });
  }

  /**
   * Takes a connection that has passed the entrance; while it drains, one that the system had taken before serves one call.
   * `isHttp2`: the client has agreed to HTTP/2 on it.
   */
  serve(socket: Socket, lease: ConnectionLease, facts: ListenerFacts, isHttp2 = false): void {
    if (isHttp2) {
      this.#speakHttp2(socket.toNetSocket(Buffer.alloc(0)), factsOf(socket, { ...facts, lease }));
      return;
    }
    const services = this.#services;
    this.#connections.set(
      new ClientConnection(socket, { facts: { ...facts, lease }, services, registry: this }),
      lease,
    );
  }

  becameHttp2(connection: OpenConnection, socket: NetSocket, facts: ConnectionFacts): void {
    this.#speakHttp2(socket, facts);
    this.#connections.delete(connection);
  }

  attach(listening: ListeningSocket, scheme: 'http' | 'https'): Listener {
    this.#listening = listening;
    this.#scheme = scheme;
    return { host: listening.host, port: listening.port, scheme };
  }

  closed(connection: OpenConnection): void {
    this.#connections.get(connection)?.leave();
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  /**
   * Accepts nothing more, lets calls under way finish within the time, then cuts what is left. Connections without a call are closed after
   * `idleMs`; one that a call comes on before is closed after that.
   */
  async close(withinMs: number, idleMs = 0): Promise<void> {
    // Before any client is told to connect again: it would come to this socket in the moment of its end.
    await this.#listening?.close();
    this.entrance.close();
    this.isDraining = true;
    const cut = setTimeout(() => this.#cut(), withinMs);
    if (this.#scheme === 'https' && idleMs > 0) await pause(Math.min(handshakeMs, withinMs));
    const idle = setTimeout(() => this.#closeIdle(), Math.min(idleMs, withinMs));
    if (idleMs === 0) this.#closeIdle();
    if (this.#connections.size > 0) {
      const empty = Promise.withResolvers<void>();
      this.#whenEmpty = empty.resolve;
      await empty.promise;
    }
    clearTimeout(idle);
    clearTimeout(cut);
  }

  #speakHttp2(socket: NetSocket, facts: ConnectionFacts): void {
    if (socket.destroyed) return;
    const services = this.#services;
    this.#connections.set(new ClientSession(socket, { facts, services, registry: this }), facts.lease);
  }

  #closeIdle(): void {
    for (const connection of [...this.#connections.keys()]) connection.drain();
  }

  #cut(): void {
    for (const connection of [...this.#connections.keys()]) connection.cut();
  }
}
