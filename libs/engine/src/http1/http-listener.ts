import { setTimeout as pause } from 'node:timers/promises';
import type { ListeningSocket, Socket } from '../sockets/socket.ts';
import { ClientConnection, type ClientConnectionOptions, type ConnectionRegistry } from './client-connection.ts';
import type { HttpServices } from './services.ts';

/** A connection over TLS comes here after its handshake; one that is under way when listening ends gets so much time for it. */
const handshakeMs = 1000;

/** A listening socket. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
}

/** One HTTP or HTTPS port and the connections that came through it. */
export class HttpListener implements ConnectionRegistry {
  isDraining = false;
  readonly #services: HttpServices;
  readonly #connections = new Set<ClientConnection>();
  #listening: ListeningSocket | null = null;
  #scheme: Listener['scheme'] = 'http';
  #whenEmpty: (() => void) | null = null;

  constructor(services: HttpServices) {
    this.#services = services;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Takes a connection that was accepted; while it drains, one that the system had taken before serves one call. */
  accept(socket: Socket, facts: ClientConnectionOptions['facts']): void {
    const services = this.#services;
    this.#connections.add(new ClientConnection(socket, { facts, services, registry: this }));
  }

  attach(listening: ListeningSocket, scheme: 'http' | 'https'): Listener {
    this.#listening = listening;
    this.#scheme = scheme;
    return { host: listening.host, port: listening.port, scheme };
  }

  closed(connection: ClientConnection): void {
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

  #closeIdle(): void {
    for (const connection of [...this.#connections]) connection.drain();
  }

  #cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }
}
