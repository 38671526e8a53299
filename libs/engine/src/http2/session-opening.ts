import type { UpstreamChannel } from '../exchange/upstream-channel.ts';
import type { Connecting, Socket } from '../sockets/socket.ts';
import type { Connector, ConnectRequest } from '../upstream/connector.ts';
import { UpstreamSession } from './upstream-session.ts';
import type { UpstreamStreamServices } from './upstream-stream.ts';

/** What opening connections works with. */
export interface OpenServices extends UpstreamStreamServices {
  readonly connector: Connector;
}

/** What becomes of an attempt to get a stream; exactly one of the two is called, once, and none after a cancellation. */
export interface OpenEvents {
  opened(channel: UpstreamChannel): void;
  failed(cause: Error): void;
}

/** What the maker of an opening hears of it. */
export interface OpeningOptions {
  readonly scheme: 'http' | 'https';
  readonly idleTimeoutMs: number;
  /** The attempt is over, one way or the other; called first. */
  readonly over: () => void;
  readonly opened: (session: UpstreamSession, waiters: readonly Waiter[]) => void;
  /** The connection that was opened takes no further calls. */
  readonly ended: (session: UpstreamSession) => void;
}

/** A call that waits for a stream. */
export class Waiter implements Connecting {
  isCancelled = false;
  /** What it waits for now. */
  opening: SessionOpening | null = null;

  constructor(readonly events: OpenEvents) {}

  cancel(): void {
    this.isCancelled = true;
    this.opening?.leave(this);
  }
}

/** A connection to a node that is being made, and the calls that wait for it. */
export class SessionOpening {
  readonly #options: OpeningOptions;
  readonly #connecting: Connecting;
  readonly #waiters = new Set<Waiter>();
  #isConnected = false;
  #isOver = false;

  constructor(services: OpenServices, request: ConnectRequest, options: OpeningOptions) {
    this.#options = options;
    this.#connecting = services.connector.connect(request, {
      connected: (socket) => this.#onConnected(socket, services, request),
      failed: (cause) => this.#fail(cause),
    });
  }

  join(waiter: Waiter): void {
    waiter.opening = this;
    this.#waiters.add(waiter);
  }

  /** A connection that nobody waits for is not made; one that is there already is kept for the next call. */
  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
    if (this.#waiters.size > 0 || this.#isConnected || !this.#end()) return;
    this.#connecting.cancel();
  }

  #onConnected(socket: Socket, { deadlines }: OpenServices, { node, timeoutMs }: ConnectRequest): void {
    this.#isConnected = true;
    const { scheme, idleTimeoutMs } = this.#options;
    const connection = socket.toNetSocket(Buffer.alloc(0));
    if (connection.destroyed) {
      this.#fail(new Error(`${node.name} has closed the connection`));
      return;
    }
    const session: UpstreamSession = new UpstreamSession(connection, {
      scheme,
      deadlines,
      idleTimeoutMs,
      settingsTimeoutMs: timeoutMs,
      ready: () => {
        if (this.#end()) this.#options.opened(session, [...this.#waiters]);
      },
      ended: () => {
        this.#fail(new Error(`${node.name} does not speak HTTP/2`));
        this.#options.ended(session);
      },
    });
  }

  #fail(cause: Error): void {
    if (!this.#end()) return;
    for (const waiter of [...this.#waiters]) if (!waiter.isCancelled) waiter.events.failed(cause);
  }

  /** False when it was over before. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#options.over();
    return true;
  }
}
