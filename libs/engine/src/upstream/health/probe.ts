import type { Node } from '../../balancing/node.ts';
import type { UpstreamFailure, UpstreamHead, UpstreamUser } from '../../exchange/upstream-channel.ts';
import type { ResponseReader } from '../../http1/response-reader.ts';
import { UpstreamConnection } from '../../http1/upstream-connection.ts';
import type { Deadlines, Perishable } from '../../sockets/deadlines.ts';
import type { Scratch } from '../../sockets/scratch.ts';
import type { Connecting, Socket } from '../../sockets/socket.ts';
import type { EgressSubject } from '../address-guard.ts';
import { type Connector, ConnectTimeoutError } from '../connector.ts';
import { IdleConnections } from '../idle-connections.ts';
import type { Finding } from './node-standing.ts';
import type { ProbeRequest } from './probe-request.ts';

/** What probes work with. */
export interface ProbeServices {
  readonly connector: Connector;
  readonly deadlines: Deadlines;
  readonly scratch: Scratch;
  readonly responseReader: ResponseReader;
}

/** One probe of one node. */
export interface ProbeOptions {
  readonly services: ProbeServices;
  readonly request: ProbeRequest;
  readonly node: Node;
  readonly subject: EgressSubject;
  /** Called once, unless the probe is given up. `finding` is null when the answer says nothing about the node. */
  readonly done: (finding: Finding | null, detail: string) => void;
}

/** Nothing is kept of a probe. */
const noIdle = new IdleConnections<UpstreamConnection>({ maxPerNode: 0, idleTimeoutMs: 0 });

/**
 * Asks a node how it is: connects by way of the egress guard, sends a request, and looks at the head of the answer only. Its time is bounded
 * as a whole; the body is never read.
 */
export class Probe implements UpstreamUser, Perishable {
  readonly deadlineMs: number;
  readonly #options: ProbeOptions;
  #connecting: Connecting | null;
  #connection: UpstreamConnection | null = null;
  #isOver = false;

  constructor(options: ProbeOptions) {
    this.#options = options;
    const { services, request, node, subject } = options;
    this.deadlineMs = services.deadlines.in(request.timeoutMs);
    services.deadlines.watch(this);
    const target = { host: node.host, port: request.port ?? node.port, name: node.name };
    this.#connecting = services.connector.connect(
      { node: target, subject, tls: request.tls, serverName: request.serverName, timeoutMs: request.timeoutMs },
      { connected: (socket) => this.#onConnected(socket), failed: (cause) => this.#onConnectFailed(cause) },
    );
  }

  /** Gives up; nobody is told. */
  cancel(): void {
    this.#isOver = true;
    this.#options.services.deadlines.forget(this);
    this.#connecting?.cancel();
    this.#connection?.destroy();
  }

  onDeadline(): void {
    this.#end('timeout', 'no answer to the health check in time');
  }

  onAnswer(head: UpstreamHead): void {
    const { status } = head;
    this.#end(this.#options.request.judge(status), `the health check was answered with status ${status}`);
  }

  onUpstreamFailed(reason: UpstreamFailure): void {
    if (reason === 'timeout') this.onDeadline();
    else this.#end('tcpFailure', `the connection of the health check ended: ${reason}`);
  }

  onAnswerEnded(): void {
    this.onUpstreamFailed('closed');
  }

  onInterim(): void {
    // The final head is waited for.
  }

  onAnswerBytes(): void {
    // The probe has ended with the head.
  }

  onUpstreamWritten(): void {
    // There is nothing more to write.
  }

  #onConnected(socket: Socket): void {
    this.#connecting = null;
    const { services, request, node } = this.#options;
    if (request.isConnectOnly) {
      socket.destroy();
      this.#end('success', '');
      return;
    }
    this.#connection = new UpstreamConnection(socket, { node, idle: noIdle, services });
    this.#connection.begin(this, { readMs: request.timeoutMs, sendMs: request.timeoutMs });
    this.#connection.write(request.write(services.scratch.bytes, node));
  }

  #onConnectFailed(cause: Error): void {
    this.#connecting = null;
    if (cause instanceof ConnectTimeoutError) this.onDeadline();
    else this.#end('tcpFailure', `the health check could not connect: ${cause.message}`);
  }

  #end(finding: Finding | null, detail: string): void {
    if (this.#isOver) return;
    this.cancel();
    this.#options.done(finding, detail);
  }
}
