import { isIP } from 'node:net';
import type { Node } from '../balancing/node.ts';
import type { Deadlines, Perishable } from '../sockets/deadlines.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { ConnectEvents, Connecting, Socket, Sockets } from '../sockets/socket.ts';
import { connectTls, type TlsClientOptions } from '../sockets/tls-sockets.ts';
import type { AddressGuard, EgressSubject } from './address-guard.ts';
import type { NameResolver } from './names/name-resolver.ts';

/** The address of an upstream lies where the data plane may not connect to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** A node, or its name server, did not answer in time. */
export class ConnectTimeoutError extends Error {
  override readonly name = 'ConnectTimeoutError';
}

/** Where to connect, how, and on whose behalf. */
export interface ConnectRequest {
  readonly node: Pick<Node, 'host' | 'port' | 'name'>;
  readonly subject: EgressSubject;
  /** Null for plain TCP. */
  readonly tls: TlsClientOptions | null;
  /** The name that the certificate must have, where it is not the node's own host. */
  readonly serverName?: string | undefined;
  readonly timeoutMs: number;
}

/** What connecting works with. */
export interface ConnectorServices {
  readonly sockets: Sockets;
  readonly scratch: Scratch;
  readonly deadlines: Deadlines;
  readonly guard: AddressGuard;
  readonly names: NameResolver;
}

/**
 * Makes connections to nodes. Addresses are checked by the guard after DNS, and what was checked is what is connected to; when a name has
 * several, connections are spread over them, and the next is tried where one fails.
 */
export class Connector {
  constructor(private readonly services: ConnectorServices) {}

  /** `events` come after this has returned, exactly one of them, once, and none after a cancellation. */
  connect(request: ConnectRequest, events: ConnectEvents): Connecting {
    return new Attempt(this.services, request, events);
  }
}

class Attempt implements Connecting, Perishable {
  deadlineMs: number;
  #current: Connecting | null = null;
  #isOver = false;

  constructor(
    private readonly services: ConnectorServices,
    private readonly request: ConnectRequest,
    private readonly events: ConnectEvents,
  ) {
    this.deadlineMs = services.deadlines.in(request.timeoutMs);
    services.deadlines.watch(this);
    const { host } = request.node;
    const found = isIP(host) === 0 ? services.names.resolve(host) : [host];
    if (found instanceof Promise) found.then((addresses) => this.#begin(addresses)).catch(this.#onUnresolved);
    else this.#begin(found);
  }

  cancel(): void {
    this.#end();
    this.#current?.cancel();
  }

  onDeadline(): void {
    this.cancel();
    this.events.failed(new ConnectTimeoutError(`${this.request.node.name} could not be connected to in time`));
  }

  readonly #onUnresolved = (cause: unknown): void => {
    if (!this.#isOver) this.#fail(cause instanceof Error ? cause : new Error(String(cause)));
  };

  #begin(addresses: readonly string[]): void {
    if (!this.#isOver) this.#tryNext(addresses.filter((address) => this.#isAllowed(address)));
  }

  #isAllowed(address: string): boolean {
    return this.services.guard.isAllowed(address, this.request.subject);
  }

  #tryNext([address, ...others]: readonly string[], failure?: Error): void {
    if (address === undefined) {
      const { host } = this.request.node;
      const reason = failure ?? new AddressRefusedError(`every address of ${host} is refused`);
      process.nextTick(() => !this.#isOver && this.#fail(reason));
      return;
    }
    const events: ConnectEvents = {
      connected: (socket) => this.#succeed(socket),
      failed: (cause) => this.#tryNext(others, cause),
    };
    const { node, tls } = this.request;
    const target = { address, port: node.port };
    const name = this.request.serverName ?? node.host;
    const serverName = isIP(name) === 0 ? name : undefined;
    this.#current =
      tls === null
        ? this.services.sockets.connect(target, events)
        : connectTls(this.services.scratch, target, { ...tls, serverName }, events);
  }

  #succeed(socket: Socket): void {
    this.#end();
    this.events.connected(socket);
  }

  #fail(cause: Error): void {
    this.#end();
    this.events.failed(cause);
  }

  #end(): void {
    this.#isOver = true;
    this.services.deadlines.forget(this);
  }
}
