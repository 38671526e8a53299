import { performance } from 'node:perf_hooks';
import type { Node } from '../balancing/node.ts';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import type { Connecting, Socket } from '../sockets/socket.ts';
import { AddressRefusedError, ConnectTimeoutError } from '../upstream/connector.ts';
import type { UpstreamPool, UpstreamTimeouts } from '../upstream/upstream-pool.ts';
import type { RequestBody } from './request-body.ts';
import { type WriteFields, writeRequestHead } from './request-head.ts';
import type { ResponseReader } from './response-reader.ts';
import type { HttpServices } from './services.ts';
import { UpstreamConnection, type UpstreamFailure, type UpstreamUser } from './upstream-connection.ts';

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const noNodes: ReadonlySet<Node> = new Set();

/** How forwarding a call can go on. Exactly one of `answered` and `failed` is called, once. */
export interface ForwardEvents {
  /** The request is on its way to a node; called once per call. */
  sent(): void;
  interim(reader: ResponseReader, bytes: Buffer): void;
  answered(answer: ForwardedAnswer): void;
  failed(error: OwnError): void;
}

/** The head of an upstream's answer, and the connection that brings the rest. */
export interface ForwardedAnswer {
  readonly connection: UpstreamConnection;
  readonly node: Node;
  readonly reader: ResponseReader;
  readonly bytes: Buffer;
  /** Where in `bytes` the beginning of the body stands. */
  readonly start: number;
  readonly end: number;
}

/** What forwarding works with. */
export interface ForwardOptions {
  readonly services: HttpServices;
  readonly call: CallState;
  readonly route: CompiledRoute;
  readonly pool: UpstreamPool;
  readonly body: RequestBody | null;
  /** What knows the fields that go out. */
  readonly client: { writeFields: WriteFields };
  /** The protocol to ask for, or null. */
  readonly upgrade: string | null;
  readonly events: ForwardEvents;
}

/**
 * Sends a call to a node of its upstream, and to others while that is safe (nothing was sent yet, or the method is idempotent and no byte
 * of a body has been used up) and the upstream's budget lasts. A try after the first takes no longer than what is left of `retry_timeout`.
 */
export class Forwarding implements UpstreamUser, Perishable {
  /** Of a try after the first. */
  deadlineMs = Infinity;
  readonly #options: ForwardOptions;
  readonly #timeouts: UpstreamTimeouts;
  #failedNodes: Set<Node> | null = null;
  #startedAt = 0;
  #connecting: Connecting | null = null;
  #connection: UpstreamConnection | null = null;
  #node: Node | null = null;
  #nodeStartedAt = 0;
  #retriesLeft: number;
  #hasReplayed = false;
  #wasSent = false;
  #isOver = false;

  constructor(options: ForwardOptions) {
    this.#options = options;
    this.#timeouts = options.route.timeouts ?? options.pool.timeouts;
    this.#retriesLeft = options.pool.retries;
  }

  start(): void {
    const { pool, call } = this.#options;
    if (this.#retriesLeft > 0) {
      pool.retryBudget.earn();
      if (pool.retryTimeoutMs > 0) this.#startedAt = performance.now();
    }
    const node = pool.pick(noNodes, call);
    if (node === undefined) this.#fail(ownError(engineErrors.noUpstream));
    else this.#send(node, true);
  }

  /** A try after the first has used up its time. */
  onDeadline(): void {
    this.#connecting?.cancel();
    this.#connecting = null;
    this.#connection?.destroy();
    this.onUpstreamFailed('timeout');
  }

  /** Gives up: the client has gone, or an answer has been made without the upstream. */
  abort(): void {
    this.#isOver = true;
    this.#endTry();
    this.#connecting?.cancel();
    this.#connection?.destroy();
    this.#release();
  }

  /** The answer has come to its end, or never will: the node is done with this call. */
  finished(): void {
    this.#isOver = true;
    this.#release();
  }

  /** More of the body has come from the client. */
  onBody(): void {
    if (this.#connection === null || this.#isOver) return;
    this.#sendBody(this.#connection, 0);
  }

  onInterim(reader: ResponseReader, bytes: Buffer): void {
    this.#options.events.interim(reader, bytes);
  }

  onAnswer(reader: ResponseReader, bytes: Buffer, start: number, end: number): void {
    const connection = this.#connection;
    const node = this.#node;
    if (connection === null || node === null) return;
    this.#endTry();
    this.#options.pool.judge?.answered(node, reader.status);
    this.#options.events.answered({ connection, node, reader, bytes, start, end });
  }

  onAnswerBytes(): void {
    // The relay of the answer has taken over by then.
  }

  onAnswerEnded(): void {
    this.onUpstreamFailed('reset');
  }

  onUpstreamWritten(): void {
    this.#options.body?.unblock();
  }

  onUpstreamFailed(reason: UpstreamFailure): void {
    const node = this.#node;
    const wasStale = reason === 'closed' && this.#connection?.isReused === true;
    this.#connection = null;
    if (node === null || this.#isOver) return;
    this.#release();
    if (wasStale && !this.#hasReplayed && this.#isRepeatable(true)) {
      this.#hasReplayed = true;
      this.#send(node, false);
      return;
    }
    this.#tryAnother(node, true, reason === 'timeout' ? engineErrors.upstreamTimeout : engineErrors.upstreamFailed);
  }

  /** @param mayReuse false for the replay of a call whose kept connection had closed. */
  #send(node: Node, mayReuse: boolean): void {
    const { pool, call, services } = this.#options;
    this.#node = node;
    this.#nodeStartedAt = pool.measuresLatency ? performance.now() : 0;
    const kept = mayReuse ? pool.idle.take(node) : undefined;
    if (kept !== undefined) {
      this.#begin(kept, node);
      return;
    }
    const { groupId, program } = call;
    this.#connecting = services.connector.connect(
      {
        node,
        subject: { groupId, tenantId: program.settings.tenantId, host: node.host },
        tls: pool.tls,
        timeoutMs: this.#timeouts.connectMs,
      },
      {
        connected: (socket) => this.#onConnected(socket, node),
        failed: (cause) => this.#onConnectFailed(cause, node),
      },
    );
  }

  #onConnected(socket: Socket, node: Node): void {
    this.#connecting = null;
    const { pool, services } = this.#options;
    this.#begin(new UpstreamConnection(socket, { node, idle: pool.idle, services }), node);
  }

  #onConnectFailed(cause: Error, node: Node): void {
    this.#connecting = null;
    this.#release();
    this.#tryAnother(node, false, connectError(cause));
  }

  #begin(connection: UpstreamConnection, node: Node): void {
    const { call, pool, body, client, upgrade, services, events } = this.#options;
    this.#connection = connection;
    connection.begin(this, this.#timeouts);
    const host = call.changedRequest?.host ?? pool.hostFor(node, call.block.authority);
    const headBytes = writeRequestHead(services.scratch.bytes, { call, host, client, body, upgrade });
    if (headBytes < 0) {
      this.abort();
      events.failed(ownError(engineErrors.internal, 'the request to the upstream became too long'));
      return;
    }
    const isBlocked = !this.#sendBody(connection, headBytes);
    if (this.#wasSent || this.#isOver) return;
    this.#wasSent = true;
    events.sent();
    // What had come while the connection was being made, and what waits behind it.
    if (!isBlocked) body?.unblock();
  }

  /** Sends the head that stands in the scratch buffer and as much of the body as there is; false when the node is slower. */
  #sendBody(connection: UpstreamConnection, headBytes: number): boolean {
    const { body, services, events } = this.#options;
    let length = headBytes;
    if (body !== null) {
      length = body.moveTo(services.scratch.bytes, headBytes);
      if (body.fault !== null) {
        this.abort();
        events.failed(ownError(body.fault));
        return false;
      }
    }
    const isTaken = length === 0 || connection.write(length);
    if (!isTaken) body?.block();
    return isTaken;
  }

  #tryAnother(node: Node, wasSent: boolean, error: OwnError['error']): void {
    if (this.#isOver) return;
    this.#endTry();
    const { pool, call } = this.#options;
    pool.judge?.failed(node, error === engineErrors.upstreamTimeout ? 'timeout' : 'tcpFailure');
    const next = this.#mayTryAnother(wasSent)
      ? pool.pick((this.#failedNodes ??= new Set()).add(node), call)
      : undefined;
    if (next === undefined) {
      this.#fail(ownError(error));
      return;
    }
    pool.retryBudget.spend();
    this.#retriesLeft--;
    this.#beginTry();
    this.#send(next, true);
  }

  #mayTryAnother(wasSent: boolean): boolean {
    const { retryTimeoutMs, retryBudget } = this.#options.pool;
    return (
      this.#retriesLeft > 0 &&
      this.#isRepeatable(wasSent) &&
      (retryTimeoutMs === 0 || performance.now() - this.#startedAt < retryTimeoutMs) &&
      retryBudget.isLeft()
    );
  }

  #beginTry(): void {
    const { services, pool } = this.#options;
    if (pool.retryTimeoutMs === 0) return;
    this.deadlineMs = services.deadlines.in(pool.retryTimeoutMs - (performance.now() - this.#startedAt));
    services.deadlines.watch(this);
  }

  #endTry(): void {
    if (this.deadlineMs === Infinity) return;
    this.deadlineMs = Infinity;
    this.#options.services.deadlines.forget(this);
  }

  #isRepeatable(wasSent: boolean): boolean {
    const { call, body } = this.#options;
    const method = call.changedRequest?.method ?? call.method;
    return body?.hasBegun !== true && (!wasSent || idempotentMethods.has(method));
  }

  #release(): void {
    if (this.#node === null) return;
    const { pool } = this.#options;
    pool.release(this.#node, pool.measuresLatency ? performance.now() - this.#nodeStartedAt : 0);
    this.#node = null;
  }

  #fail(error: OwnError): void {
    this.#isOver = true;
    this.#options.events.failed(error);
  }
}

function connectError(cause: Error): OwnError['error'] {
  if (cause instanceof AddressRefusedError) return engineErrors.upstreamRefused;
  if (cause instanceof ConnectTimeoutError) return engineErrors.upstreamTimeout;
  return engineErrors.upstreamFailed;
}
