import { performance } from 'node:perf_hooks';
import type { Node } from '../balancing/node.ts';
import { engineErrors } from '../engine.errors.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import type { UpstreamChannel, UpstreamFailure, UpstreamHead, UpstreamUser } from '../exchange/upstream-channel.ts';
import type { Perishable } from '../sockets/deadlines.ts';
import type { Connecting, Socket } from '../sockets/socket.ts';
import { AddressRefusedError, ConnectTimeoutError } from '../upstream/connector.ts';
import type { UpstreamPool, UpstreamTimeouts } from '../upstream/upstream-pool.ts';
import type { RequestHeadParts } from './request-head.ts';
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

/** A call that is to be forwarded. */
export interface ForwardedCall extends RequestHeadParts {
  readonly pool: UpstreamPool;
  readonly timeouts: UpstreamTimeouts;
}

/**
 * Sends a call to a node of its upstream, and to others while that is safe (nothing was sent yet, or the method is idempotent and no byte
 * of a body has been used up) and the upstream's budget lasts. A try after the first takes no longer than what is left of `retry_timeout`.
 * One serves an exchange, call by call.
 */
export class Forwarding implements UpstreamUser, Perishable {
  /** Of a try after the first. */
  deadlineMs = Infinity;
  readonly #services: HttpServices;
  readonly #events: ForwardEvents;
  /** Null between calls. */
  #forwardedCall: ForwardedCall | null = null;
  #failedNodes: Set<Node> | null = null;
  #startedAt = 0;
  #connecting: Connecting | null = null;
  #channel: UpstreamChannel | null = null;
  #node: Node | null = null;
  #nodeStartedAt = 0;
  #retriesLeft = 0;
  #hasReplayed = false;
  #wasSent = false;
  #isOver = false;

  constructor(services: HttpServices, events: ForwardEvents) {
    this.#services = services;
    this.#events = events;
  }

  /** Begins with a call; the one before must have been forgotten. */
  start(forwardedCall: ForwardedCall): void {
    const { call, pool } = forwardedCall;
    this.#forwardedCall = forwardedCall;
    this.#retriesLeft = pool.retries;
    this.#hasReplayed = false;
    this.#wasSent = false;
    this.#isOver = false;
    if (this.#retriesLeft > 0) {
      pool.retryBudget.earn();
      if (pool.retryTimeoutMs > 0) this.#startedAt = performance.now();
    }
    const node = pool.pick(noNodes, call);
    if (node === undefined) this.#fail(ownError(engineErrors.noUpstream));
    else this.#send(forwardedCall, node, true);
  }

  /** The call is over: its channel and its node may serve others from now on. */
  forget(): void {
    this.#forwardedCall = null;
    this.#channel = null;
    this.#failedNodes = null;
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
    this.#connecting = null;
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
    if (this.#forwardedCall === null || this.#channel === null || this.#isOver) return;
    this.#sendBody(this.#forwardedCall, this.#channel, 0);
  }

  onInterim(head: UpstreamHead, bytes: Buffer): void {
    this.#events.interim(head, bytes);
  }

  onAnswer(head: UpstreamHead, bytes: Buffer, start: number, end: number): void {
    const channel = this.#channel;
    const node = this.#node;
    if (channel === null || node === null) return;
    this.#endTry();
    this.#forwardedCall?.pool.judge?.answered(node, head.status);
    this.#forwardedCall?.call.program.watch?.told('answered', head.status);
    this.#events.answered({ channel, node, head, bytes, start, end });
  }

  onAnswerBytes(): void {
    // The relay of the answer has taken over by then.
  }

  onAnswerEnded(): void {
    this.onUpstreamFailed('reset');
  }

  onUpstreamWritten(): void {
    this.#forwardedCall?.body?.unblock();
  }

  onUpstreamFailed(reason: UpstreamFailure): void {
    const forwardedCall = this.#forwardedCall;
    const node = this.#node;
    const wasStale = reason === 'closed' && this.#channel?.isReused === true;
    const wasRefused = reason === 'refused';
    this.#channel = null;
    if (forwardedCall === null || node === null || this.#isOver) return;
    forwardedCall.call.program.watch?.told(reason, null);
    this.#release();
    if ((wasStale || wasRefused) && !this.#hasReplayed && isRepeatable(forwardedCall, wasStale)) {
      this.#hasReplayed = true;
      this.#send(forwardedCall, node, false);
      return;
    }
    const error = reason === 'timeout' ? engineErrors.upstreamTimeout : engineErrors.upstreamFailed;
    this.#tryAnother(forwardedCall, node, { wasSent: !wasRefused, error });
  }

  /** @param mayReuse false for the replay of a call whose kept connection had closed. */
  #send(forwardedCall: ForwardedCall, node: Node, mayReuse: boolean): void {
    const { pool, call } = forwardedCall;
    this.#node = node;
    call.program.watch?.asked(node.name);
    this.#nodeStartedAt = pool.measuresLatency ? performance.now() : 0;
    const kept = pool.sessions !== null ? pool.sessions.take(node) : mayReuse ? pool.idle.take(node) : undefined;
    if (kept !== undefined) this.#begin(forwardedCall, kept, node);
    else this.#connect(forwardedCall, node);
  }

  #connect(forwardedCall: ForwardedCall, node: Node): void {
    const { call, pool, timeouts } = forwardedCall;
    const { groupId, program } = call;
    const request = {
      node,
      subject: { groupId, tenantId: program.settings.tenantId, host: node.host },
      tls: pool.tls,
      timeoutMs: timeouts.connectMs,
    };
    const services = this.#services;
    const failed = (cause: Error) => {
      this.#connecting = null;
      const error = connectError(cause);
      call.program.watch?.told(connectResult(error), null);
      this.#release();
      this.#tryAnother(forwardedCall, node, { wasSent: false, error });
    };
    const opened = (channel: UpstreamChannel) => {
      this.#connecting = null;
      this.#begin(forwardedCall, channel, node);
    };
    const connected = (socket: Socket) => opened(new UpstreamConnection(socket, { node, idle: pool.idle, services }));
    this.#connecting =
      pool.sessions === null
        ? services.connector.connect(request, { failed, connected })
        : pool.sessions.open(services, request, { failed, opened });
  }

  #begin(forwardedCall: ForwardedCall, channel: UpstreamChannel, node: Node): void {
    const { call, pool, timeouts, body } = forwardedCall;
    this.#channel = channel;
    channel.begin(this, timeouts);
    body?.restart();
    const host = call.changedRequest?.host ?? pool.hostFor(node, call.block.authority);
    const headBytes = channel.startRequest(forwardedCall, host);
    if (headBytes < 0) {
      this.abort();
      const detail = 'the request to the upstream became too long, or cannot be written';
      this.#events.failed(ownError(engineErrors.internal, detail));
      return;
    }
    const isBlocked = !this.#sendBody(forwardedCall, channel, headBytes);
    // Where that has ended the call, another may have begun.
    if (this.#forwardedCall !== forwardedCall || this.#wasSent || this.#isOver) return;
    this.#wasSent = true;
    this.#events.sent();
    // What had come while the connection was being made, and what waits behind it.
    if (!isBlocked) body?.unblock();
  }

  /** Sends the head that stands in the scratch buffer and as much of the body as there is; false when the node is slower. */
  #sendBody({ body }: ForwardedCall, channel: UpstreamChannel, headBytes: number): boolean {
    let length = headBytes;
    if (body !== null) {
      length = body.moveTo(this.#services.scratch.bytes, headBytes);
      if (body.fault !== null) {
        this.abort();
        this.#events.failed(ownError(body.fault));
        return false;
      }
    }
    const isLast = body === null || body.isComplete;
    const isTaken = (length === 0 && !isLast) || channel.write(length, isLast);
    if (!isTaken) body?.block();
    return isTaken;
  }

  #tryAnother(
    forwardedCall: ForwardedCall,
    node: Node,
    { wasSent, error }: { wasSent: boolean; error: OwnError['error'] },
  ): void {
    if (this.#isOver) return;
    this.#endTry();
    const { pool, call } = forwardedCall;
    pool.judge?.failed(node, error === engineErrors.upstreamTimeout ? 'timeout' : 'tcpFailure');
    const next = this.#mayTryAnother(forwardedCall, wasSent)
      ? pool.pick((this.#failedNodes ??= new Set()).add(node), call)
      : undefined;
    if (next === undefined) {
      this.#fail(ownError(error));
      return;
    }
    pool.retryBudget.spend();
    this.#retriesLeft--;
    this.#beginTry(pool);
    this.#send(forwardedCall, next, true);
  }

  #mayTryAnother(forwardedCall: ForwardedCall, wasSent: boolean): boolean {
    const { retryTimeoutMs, retryBudget } = forwardedCall.pool;
    return (
      this.#retriesLeft > 0 &&
      isRepeatable(forwardedCall, wasSent) &&
      (retryTimeoutMs === 0 || performance.now() - this.#startedAt < retryTimeoutMs) &&
      retryBudget.isLeft()
    );
  }

  #beginTry({ retryTimeoutMs }: UpstreamPool): void {
    if (retryTimeoutMs === 0) return;
    const { deadlines } = this.#services;
    this.deadlineMs = deadlines.in(retryTimeoutMs - (performance.now() - this.#startedAt));
    deadlines.watch(this);
  }

  #endTry(): void {
    if (this.deadlineMs === Infinity) return;
    this.deadlineMs = Infinity;
    this.#services.deadlines.forget(this);
  }

  #release(): void {
    const pool = this.#forwardedCall?.pool;
    if (this.#node === null || pool === undefined) return;
    pool.release(this.#node, pool.measuresLatency ? performance.now() - this.#nodeStartedAt : 0);
    this.#node = null;
  }

  #fail(error: OwnError): void {
    this.#isOver = true;
    this.#events.failed(error);
  }
}

function isRepeatable({ call, body }: ForwardedCall, wasSent: boolean): boolean {
  const method = call.changedRequest?.method ?? call.method;
  return body?.hasBegun !== true && (!wasSent || idempotentMethods.has(method));
}

function connectError(cause: Error): OwnError['error'] {
  if (cause instanceof AddressRefusedError) return engineErrors.upstreamRefused;
  if (cause instanceof ConnectTimeoutError) return engineErrors.upstreamTimeout;
  return engineErrors.upstreamFailed;
}

function connectResult(error: OwnError['error']): 'forbidden' | 'timeout' | 'unreachable' {
  if (error === engineErrors.upstreamRefused) return 'forbidden';
  return error === engineErrors.upstreamTimeout ? 'timeout' : 'unreachable';
}
