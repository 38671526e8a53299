import type { Ledger } from '../account/ledger.ts';
import type { Node } from '../balancing/node.ts';
import type { StreamFacts } from '../compile/stream-routes.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import type { Connecting, Socket, SocketOwner } from '../sockets/socket.ts';
import { AddressRefusedError, type Connector, ConnectTimeoutError } from '../upstream/connector.ts';
import { StreamCall, type StreamStatus } from './stream-call.ts';
import { hashSourceOf, type StreamMatch } from './stream-directory.ts';
import { type RelayServices, StreamRelay } from './stream-relay.ts';

/** What stream connections work with. */
export interface StreamServices extends RelayServices {
  readonly ledger: Ledger;
  /** Milliseconds since the epoch, corrected by the clock offset. */
  readonly now: () => number;
  readonly connector: Connector;
}

/** A connection that has found its route. */
export interface StreamConnectionOptions {
  readonly client: Socket;
  readonly lease: ConnectionLease;
  readonly facts: StreamFacts;
  readonly match: StreamMatch;
  /** Called once, when nothing passes any more. */
  readonly ended: (connection: StreamConnection) => void;
}

/** One client's connection and the one to a node that belongs to it. */
export class StreamConnection implements SocketOwner {
  readonly #services: StreamServices;
  readonly #options: StreamConnectionOptions;
  readonly #call: StreamCall;
  readonly #failed = new Set<Node>();
  #node: Node | null = null;
  #connecting: Connecting | null = null;
  #relay: StreamRelay | null = null;
  /** Read before the upstream was there: no more than one read, because the client is not read from meanwhile. */
  #early: Buffer | null = null;
  #hasClientEnded = false;
  #isOver = false;

  constructor(services: StreamServices, options: StreamConnectionOptions) {
    this.#services = services;
    this.#options = options;
    this.#call = new StreamCall(services, options.match);
    options.client.owner = this;
    options.client.pause();
  }

  /** Looks for a node, unless the stream is refused with a status. */
  start(refusal: StreamStatus | null): void {
    if (refusal === null) this.#tryNext(503);
    else this.#fail(refusal);
  }

  /** Ends the stream whatever it does. */
  cut(): void {
    if (this.#relay === null) this.#fail(502);
    else this.#relay.cut();
  }

  onBytes(bytes: Buffer, length: number): void {
    const piece = bytes.subarray(0, length);
    this.#early = this.#early === null ? Buffer.from(piece) : Buffer.concat([this.#early, piece]);
  }

  onWritten(): void {}

  onEnd(): void {
    this.#hasClientEnded = true;
  }

  onClose(): void {
    this.#fail(502);
  }

  #tryNext(statusWithoutNode: StreamStatus): void {
    const { match, facts } = this.#options;
    const pool = match.route.upstream;
    const mayTry = this.#failed.size <= pool.retries && !this.#isTooLate(pool.retryTimeoutMs);
    const node = mayTry ? pool.pick(this.#failed, hashSourceOf(facts)) : undefined;
    if (node === undefined) {
      this.#fail(statusWithoutNode);
      return;
    }
    this.#node = node;
    const { groupId, settings } = match.program;
    const subject = { groupId, tenantId: settings.tenantId, host: node.host };
    this.#connecting = this.#services.connector.connect(
      { node, subject, tls: pool.tls, timeoutMs: pool.timeouts.connectMs },
      { connected: (upstream) => this.#connected(upstream), failed: (cause) => this.#nodeFailed(node, cause) },
    );
  }

  #isTooLate(retryTimeoutMs: number): boolean {
    return this.#failed.size > 0 && retryTimeoutMs > 0 && this.#call.ageMs > retryTimeoutMs;
  }

  #nodeFailed(node: Node, cause: Error): void {
    this.#release();
    this.#failed.add(node);
    // Another node of the same upstream would be refused for the same reason, but is no worse for being asked.
    this.#tryNext(cause instanceof ConnectTimeoutError ? 504 : cause instanceof AddressRefusedError ? 403 : 502);
  }

  #connected(upstream: Socket): void {
    this.#connecting = null;
    this.#call.connected();
    const { client, match } = this.#options;
    const { readMs, sendMs } = match.route.upstream.timeouts;
    this.#relay = new StreamRelay(this.#services, {
      client,
      upstream,
      call: this.#call,
      idleMs: Math.max(readMs, sendMs),
      ended: () => this.#end(200),
    });
    const early = this.#early;
    this.#early = null;
    if (early !== null) client.owner.onBytes(early, early.length);
    if (this.#hasClientEnded) client.owner.onEnd();
  }

  #fail(status: StreamStatus): void {
    if (this.#isOver) return;
    this.#connecting?.cancel();
    this.#options.client.destroy();
    this.#end(status);
  }

  #end(status: StreamStatus): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#release();
    this.#call.end(status);
    this.#options.lease.leave();
    this.#options.ended(this);
  }

  #release(): void {
    const node = this.#node;
    this.#node = null;
    if (node !== null) this.#options.match.route.upstream.release(node, this.#call.ageMs);
  }
}
