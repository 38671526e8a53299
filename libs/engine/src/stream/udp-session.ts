import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Ledger } from '../account/ledger.ts';
import type { Node } from '../balancing/node.ts';
import type { StreamFacts } from '../compile/stream-routes.ts';
import type { ConnectionLease } from '../sockets/connection-limits.ts';
import type { Deadlines, Perishable } from '../sockets/deadlines.ts';
import type { AddressGuard } from '../upstream/address-guard.ts';
import { StreamCall, type StreamStatus } from './stream-call.ts';
import { hashSourceOf, type StreamMatch } from './stream-directory.ts';

/** What UDP sessions work with. */
export interface UdpServices {
  readonly ledger: Ledger;
  /** Milliseconds since the epoch, corrected by the clock offset. */
  readonly now: () => number;
  readonly deadlines: Deadlines;
  readonly guard: AddressGuard;
}

/** A session that has found its route. */
export interface UdpSessionOptions {
  readonly lease: ConnectionLease;
  readonly facts: StreamFacts;
  readonly match: StreamMatch;
  /** Sends a datagram of the upstream to the client. */
  readonly reply: (datagram: Buffer) => void;
  /** Called once. */
  readonly ended: () => void;
}

/** Datagrams that wait until the node's address is known; more are dropped, as datagrams may be. */
const mostWaiting = 16;
/** Bytes that the kernel has not taken yet; what would go beyond is dropped. */
const mostUnsentBytes = 1024 * 1024;

/** Sends a datagram unless too much waits already. */
export function sendOrDrop(socket: DatagramSocket, datagram: Buffer, to?: { port: number; address: string }): void {
  if (socket.getSendQueueSize() > mostUnsentBytes) return;
  const ignore = () => undefined;
  if (to === undefined) socket.send(datagram, ignore);
  else socket.send(datagram, to.port, to.address, ignore);
}

/** The datagrams of one client address and port, and those of the node that answers them, until nothing has come for a while. */
export class UdpSession implements Perishable {
  deadlineMs: number;
  readonly #services: UdpServices;
  readonly #options: UdpSessionOptions;
  readonly #call: StreamCall;
  readonly #idleMs: number;
  readonly #waiting: Buffer[] = [];
  #node: Node | null = null;
  #upstream: DatagramSocket | null = null;
  #isOver = false;

  constructor(services: UdpServices, options: UdpSessionOptions) {
    this.#services = services;
    this.#options = options;
    this.#call = new StreamCall(services, options.match);
    const { connectMs, readMs, sendMs } = options.match.route.upstream.timeouts;
    this.#idleMs = Math.max(readMs, sendMs);
    this.deadlineMs = services.deadlines.in(connectMs);
    services.deadlines.watch(this);
  }

  /** Looks for the node's address, unless the session is refused with a status. */
  async start(refusal: StreamStatus | null): Promise<void> {
    const { match, facts } = this.#options;
    const node = refusal === null ? match.route.upstream.pick(new Set(), hashSourceOf(facts)) : undefined;
    if (node === undefined) {
      this.#end(refusal ?? 503);
      return;
    }
    this.#node = node;
    try {
      const found = isIP(node.host) === 0 ? await lookup(node.host, { all: true }) : [{ address: node.host }];
      const address = found.map((entry) => entry.address).find((candidate) => this.#isAllowed(candidate, node));
      if (this.#isOver) return;
      if (address === undefined) this.#end(403);
      else this.#connect(address, node.port);
    } catch {
      this.#end(502);
    }
  }

  /** A datagram of the client. */
  receive(datagram: Buffer): void {
    this.#call.bytesIn += datagram.length;
    if (this.#upstream !== null) {
      this.deadlineMs = this.#services.deadlines.in(this.#idleMs);
      sendOrDrop(this.#upstream, datagram);
    } else if (this.#waiting.length < mostWaiting) {
      this.#waiting.push(datagram);
    }
  }

  /** Ends the session whatever it does. */
  cut(): void {
    this.#end(this.#upstream === null ? 502 : 200);
  }

  onDeadline(): void {
    this.#end(this.#upstream === null ? 504 : 200);
  }

  #isAllowed(address: string, node: Node): boolean {
    const { groupId, settings } = this.#options.match.program;
    return this.#services.guard.isAllowed(address, { groupId, tenantId: settings.tenantId, host: node.host });
  }

  #connect(address: string, port: number): void {
    const upstream = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
    // Refused by the node's host: it is told for a datagram that was sent before.
    upstream.on('error', () => this.#failed(upstream));
    upstream.on('message', (datagram) => {
      this.#call.bytesOut += datagram.length;
      this.deadlineMs = this.#services.deadlines.in(this.#idleMs);
      this.#options.reply(datagram);
    });
    upstream.once('connect', () => {
      if (this.#isOver) {
        upstream.close();
        return;
      }
      this.#upstream = upstream;
      this.#call.connected();
      this.deadlineMs = this.#services.deadlines.in(this.#idleMs);
      for (const datagram of this.#waiting.splice(0)) sendOrDrop(upstream, datagram);
    });
    upstream.connect(port, address);
  }

  #failed(upstream: DatagramSocket): void {
    if (this.#upstream === null) upstream.close();
    this.#end(this.#call.bytesOut > 0 ? 200 : 502);
  }

  #end(status: StreamStatus): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#services.deadlines.forget(this);
    this.#upstream?.close();
    if (this.#node !== null) this.#options.match.route.upstream.release(this.#node, this.#call.ageMs);
    this.#call.end(status);
    this.#options.lease.leave();
    this.#options.ended();
  }
}
