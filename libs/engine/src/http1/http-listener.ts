import type { Socket as NetSocket } from 'node:net';
import { ClientSession } from '../http2/client-session.ts';
import type { ListeningSocket, Socket } from '../sockets/socket.ts';
import { type ConnectionFacts, factsOf } from './admission.ts';
import {
  ClientConnection,
  type ClientConnectionOptions,
  type ConnectionRegistry,
  type OpenConnection,
} from './client-connection.ts';
import type { HttpServices } from './services.ts';

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
  readonly #connections = new Set<OpenConnection>();
  #listening: ListeningSocket | null = null;
  #whenEmpty: (() => void) | null = null;

  constructor(services: HttpServices) {
    this.#services = services;
  }

  /** Takes a connection that was accepted. `isHttp2`: the client has agreed to HTTP/2 on it. */
  accept(socket: Socket, facts: ClientConnectionOptions['facts'], isHttp2 = false): void {
    if (this.isDraining) {
      socket.destroy();
      return;
    }
    if (isHttp2) {
      this.#speakHttp2(socket.toNetSocket(Buffer.alloc(0)), factsOf(socket, facts));
      return;
    }
    const services = this.#services;
    this.#connections.add(new ClientConnection(socket, { facts, services, registry: this }));
  }

  becameHttp2(connection: OpenConnection, socket: NetSocket, facts: ConnectionFacts): void {
    this.#speakHttp2(socket, facts);
    this.closed(connection);
  }

  attach(listening: ListeningSocket, scheme: 'http' | 'https'): Listener {
    this.#listening = listening;
    return { host: listening.host, port: listening.port, scheme };
  }

  closed(connection: OpenConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#whenEmpty?.();
  }

  /** Accepts nothing more, lets calls under way finish within the time, then cuts what is left. */
  async close(withinMs: number): Promise<void> {
    this.isDraining = true;
    this.#listening?.close();
    for (const connection of [...this.#connections]) connection.drain();
    if (this.#connections.size === 0) return;
    const empty = Promise.withResolvers<void>();
    this.#whenEmpty = empty.resolve;
    const cut = setTimeout(() => this.#cut(), withinMs);
    await empty.promise;
    clearTimeout(cut);
  }

  #speakHttp2(socket: NetSocket, facts: ConnectionFacts): void {
    if (socket.destroyed) return;
    const services = this.#services;
    this.#connections.add(new ClientSession(socket, { facts, services, registry: this }));
  }

  #cut(): void {
    for (const connection of [...this.#connections]) connection.cut();
  }
}
