import type { AddressSet } from '../matching/address-set.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { ConnectionLease, ConnectionLimits } from '../sockets/connection-limits.ts';
import type { Deadlines } from '../sockets/deadlines.ts';
import { FirstBytes } from '../sockets/first-bytes.ts';
import type { Socket } from '../sockets/socket.ts';
import type { ProxyHeader } from './proxy-header.ts';
import { readProxyHeader } from './read-proxy-header.ts';

/** What an entrance works with. */
export interface EntranceServices {
  readonly connectionLimits: ConnectionLimits;
  readonly deadlines: Deadlines;
  readonly metrics: Pick<EngineMetrics, 'noise'>;
  readonly limits: { readonly proxyHeaderTimeoutMs: number };
}

/** What a port demands of new connections. */
export interface EntranceRules {
  /** Peers that must speak the PROXY protocol, and nobody else may connect; null: nobody speaks it. */
  readonly proxies: AddressSet | null;
  /** Clients with too many connections are told so with their first request; else they are cut off. */
  readonly tellsWhy: boolean;
}

/** Takes over a connection that has been let in; `unread` was read after the PROXY header, and is valid until this returns. */
export type Newcomer = (socket: Socket, lease: ConnectionLease, unread: Buffer) => void;

const noBytes = Buffer.alloc(0);

/** What every accepted connection passes before it is served: room in the process, the PROXY protocol, the client's share. */
export class Entrance {
  readonly #services: EntranceServices;
  readonly #rules: EntranceRules;
  /** Connections whose header is still coming; bounded by the room in the process and the header's timeout. */
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor(services: EntranceServices, rules: EntranceRules) {
    this.#services = services;
    this.#rules = rules;
  }

  accept(socket: Socket, next: Newcomer): void {
    const { connectionLimits, metrics } = this.#services;
    const { proxies } = this.#rules;
    const lease = this.#isClosed ? null : connectionLimits.enter();
    if (lease === null) {
      if (!this.#isClosed) metrics.noise('connections-full');
      socket.destroy();
    } else if (proxies === null) {
      this.#letIn(socket, lease, () => next(socket, lease, noBytes));
    } else if (proxies.has(socket.peerAddress)) {
      this.#awaitHeader(socket, lease, next);
    } else {
      metrics.noise('proxy-untrusted');
      lease.leave();
      socket.destroy();
    }
  }

  /** Lets nobody in any more. */
  close(): void {
    this.#isClosed = true;
    for (const giveUp of this.#waiting) giveUp();
  }

  #awaitHeader(socket: Socket, lease: ConnectionLease, next: Newcomer): void {
    const { deadlines, metrics, limits } = this.#services;
    const giveUp = () => {
      this.#waiting.delete(giveUp);
      first.cancel();
      lease.leave();
    };
    const refuse = () => {
      metrics.noise('proxy-header');
      giveUp();
    };
    const first = new FirstBytes<ProxyHeader | 'bad'>(socket, {
      read: readProxyHeader,
      deadlines,
      timeoutMs: limits.proxyHeaderTimeoutMs,
      failed: refuse,
      done: (header, bytes) => {
        if (header === 'bad') {
          refuse();
          return;
        }
        this.#waiting.delete(giveUp);
        if (header.source !== null) socket.peerAddress = header.source;
        this.#letIn(socket, lease, () => next(socket, lease, bytes.subarray(header.length)));
      },
    });
    this.#waiting.add(giveUp);
  }

  #letIn(socket: Socket, lease: ConnectionLease, next: () => void): void {
    const answer = lease.nameClient(socket.peerAddress);
    if (answer !== 'taken') this.#services.metrics.noise('connections-client');
    if (answer === 'taken' || (answer === 'refused' && this.#rules.tellsWhy)) {
      next();
      return;
    }
    lease.leave();
    socket.destroy();
  }
}
