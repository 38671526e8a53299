import { performance } from 'node:perf_hooks';
import type { Node } from '../balancing/node.ts';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import type { ForwardedBody } from '../exchange/forwarded-body.ts';
import type { UpstreamChannel, UpstreamFailure, UpstreamHead, UpstreamUser } from '../exchange/upstream-channel.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import type { Connecting, Socket } from '../sockets/socket.ts';
import { AddressRefusedError, ConnectTimeoutError } from '../upstream/connector.ts';
import type { UpstreamPool, UpstreamTimeouts } from '../upstream/upstream-pool.ts';
import type { ForwardedFields } from './forwarded-fields.ts';
import type { HttpServices } from './services.ts';
import { UpstreamConnection } from './upstream-connection.ts';

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
const noNodes: ReadonlySet<Node> = new Set();

/** How forwarding a call can go on. Exactly one of `answered` and `failed` is called, once. */
export interface ForwardEvents {
  /** The request is on its way to a node; called once per call. */
  sent(): void;
  interim(head: UpstreamHead, bytes: Buffer): void;
  answered(answer: ForwardedAnswer): void;
  failed(error: OwnError): void;
}

/** The head of an upstream's answer, and the channel that brings the rest. */
export interface ForwardedAnswer {
  readonly channel: UpstreamChannel;
  readonly node: Node;
  readonly head: UpstreamHead;
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
  readonly body: ForwardedBody | null;
  /** The fields that go out. */
  readonly forwarded: ForwardedFields;
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
  #channel: UpstreamChannel | null = null;
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
    this.#channel?.destroy();
    this.onUpstreamFailed('timeout');
  }

  /** Gives up: the client has gone, or an answer has been made without the upstream. */
  abort(): void {
    this.#isOver = true;
    this.#endTry();
    this.#connecting?.cancel();
    this.#channel?.destroy();
    this.#release();
  }

  /** The answer has come to its end, or never will: the node is done with this call. */
  finished(): void {
    this.#isOver = true;
    this.#release();
  }

  /** More of the body has come from the client. */
  onBody(): void {
    if (this.#channel === null || this.#isOver) return;
    this.#sendBody(this.#channel, 0);
  }

  onInterim(head: UpstreamHead, bytes: Buffer): void {
    this.#options.events.interim(head, bytes);
  }

  onAnswer(head: UpstreamHead, bytes: Buffer, start: number, end: number): void {
    const channel = this.#channel;
    const node = this.#node;
    if (channel === null || node === null) return;
    this.#endTry();
    this.#options.pool.judge?.answered(node, head.status);
    this.#options.events.answered({ channel, node, head, bytes, start, end });
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
    const wasStale = reason === 'closed' && this.#channel?.isReused === true;
    const wasRefused = reason === 'refused';
    this.#channel = null;
    if (node === null || this.#isOver) return;
    this.#release();
    if ((wasStale || wasRefused) && !this.#hasReplayed && this.#isRepeatable(wasStale)) {
      this.#hasReplayed = true;
      this.#send(node, false);
      return;
    }
    this.#tryAnother(
      node,
      !wasRefused,
      reason === 'timeout' ? engineErrors.upstreamTimeout : engineErrors.upstreamFailed,
    );
  }

  /** @param mayReuse false for the replay of a call whose kept connection had closed. */
  #send(node: Node, mayReuse: boolean): void {
    const { pool, call, services } = this.#options;
    this.#node = node;
    this.#nodeStartedAt = pool.measuresLatency ? performance.now() : 0;
    const kept = pool.sessions !== null ? pool.sessions.take(node) : mayReuse ? pool.idle.take(node) : undefined;
    if (kept !== undefined) {
      this.#begin(kept, node);
      return;
    }
    const { groupId, program } = call;
    const request = {
      node,
      subject: { groupId, tenantId: program.settings.tenantId, host: node.host },
      tls: pool.tls,
      timeoutMs: this.#timeouts.connectMs,
    };
    const failed = (cause: Error) => this.#onConnectFailed(cause, node);
    this.#connecting =
      pool.sessions === null
        ? services.connector.connect(request, { failed, connected: (socket) => this.#onConnected(socket, node) })
        : pool.sessions.open(services, request, { failed, opened: (channel) => this.#onOpened(channel, node) });
  }

  #onConnected(socket: Socket, node: Node): void {
    this.#connecting = null;
    const { pool, services } = this.#options;
    this.#begin(new UpstreamConnection(socket, { node, idle: pool.idle, services }), node);
  }

  #onOpened(channel: UpstreamChannel, node: Node): void {
    this.#connecting = null;
    this.#begin(channel, node);
  }

  #onConnectFailed(cause: Error, node: Node): void {
    this.#connecting = null;
    this.#release();
    this.#tryAnother(node, false, connectError(cause));
  }

  #begin(channel: UpstreamChannel, node: Node): void {
    const { call, pool, body, forwarded, upgrade, events } = this.#options;
    this.#channel = channel;
    channel.begin(this, this.#timeouts);
    body?.restart();
    const host = call.changedRequest?.host ?? pool.hostFor(node, call.block.authority);
    const headBytes = channel.startRequest({ call, host, forwarded, body, upgrade });
    if (headBytes < 0) {
      this.abort();
      events.failed(
        ownError(engineErrors.internal, 'the request to the upstream became too long, or cannot be written'),
      );
      return;
    }
    const isBlocked = !this.#sendBody(channel, headBytes);
    if (this.#wasSent || this.#isOver) return;
    this.#wasSent = true;
    events.sent();
    // What had come while the connection was being made, and what waits behind it.
    if (!isBlocked) body?.unblock();
  }

  /** Sends the head that stands in the scratch buffer and as much of the body as there is; false when the node is slower. */
  #sendBody(channel: UpstreamChannel, headBytes: number): boolean {
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
    const isLast = body === null || body.isComplete;
    const isTaken = (length === 0 && !isLast) || channel.write(length, isLast);
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
