import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Node } from '../balancing/balancer.ts';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import { engineErrors } from '../engine.errors.ts';
import type { AddressGuard } from '../upstream/address-guard.ts';
import { AddressRefusedError } from '../upstream/guarded-lookup.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import { attempt, UpstreamTimeoutError } from './attempt.ts';
import type { HttpCall } from './http-call.ts';
import { type OwnError, ownError } from './own-answer.ts';
import type { BodyFault, RequestBody } from './request-body.ts';

const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** How forwarding a call can go on. Exactly one of the last three is called, once. */
export interface ForwardEvents {
  /** The request is on its way to a node; called once per call, before anything else. */
  sent(): void;
  answered(response: IncomingMessage, node: Node): void;
  upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void;
  failed(error: OwnError): void;
}

/** What forwarding works with. */
export interface ForwardOptions {
  readonly call: HttpCall;
  readonly route: CompiledRoute;
  readonly pool: UpstreamPool;
  readonly body: RequestBody;
  readonly guard: AddressGuard;
  readonly headLimitBytes: number;
  /** The token of an upgrade to ask for, or null. */
  readonly upgrade: string | null;
  readonly events: ForwardEvents;
}

/**
 * Sends a call to a node of its upstream, and to others while that is safe: nothing was sent yet, or the method is
 * idempotent and no byte of a body has been used up.
 */
export class Forwarding {
  readonly #options: ForwardOptions;
  readonly #failedNodes = new Set<Node>();
  readonly #startedAt = performance.now();
  #current: ClientRequest | null = null;
  #node: Node | null = null;
  #nodeStartedAt = 0;
  #retriesLeft: number;
  #hasReplayed = false;
  #wasSent = false;
  #isOver = false;

  constructor(options: ForwardOptions) {
    this.#options = options;
    this.#retriesLeft = options.pool.retries;
  }

  start(): void {
    const { pool, call } = this.#options;
    const node = pool.pick(this.#failedNodes, {
      variable: (name) => call.variable(name),
      header: (name) => call.header(name),
      cookie: (name) => call.cookie(name),
      consumerId: call.caller?.consumerId,
      clientAddress: call.clientAddress,
    });
    if (node === undefined) this.#fail(ownError(engineErrors.noUpstream));
    else this.#send(node);
  }

  /** Gives up: the client has gone, or an answer has been made without the upstream. */
  abort(): void {
    this.#isOver = true;
    this.#options.body.stop();
    this.#current?.destroy();
    this.#release();
  }

  #send(node: Node): void {
    const { call, route, pool, guard, headLimitBytes } = this.#options;
    this.#node = node;
    this.#nodeStartedAt = performance.now();
    try {
      this.#current = attempt(
        {
          pool,
          node,
          guard,
          headLimitBytes,
          timeouts: route.timeouts ?? pool.timeouts,
          subject: { groupId: call.groupId, tenantId: call.program.settings.tenantId, host: node.host },
          method: call.upstreamRequest.method,
          target: call.upstreamRequest.target,
          headers: this.#headersFor(node),
        },
        {
          connected: (request) => this.#onConnected(request),
          answered: (response) => this.#onAnswered(response, node),
          upgraded: (response, socket, head) => this.#onUpgraded(response, socket, head),
          failed: (cause, state) => this.#onFailed(cause, node, state),
        },
      );
    } catch (cause) {
      this.#onFailed(cause instanceof Error ? cause : new Error(String(cause)), node, {
        wasSent: false,
        wasStale: false,
      });
    }
  }

  #headersFor(node: Node): string[] {
    const { call, pool, body, upgrade } = this.#options;
    const { host, headers } = call.upstreamRequest;
    const framing =
      body.declaredBytes !== null
        ? ['Content-Length', String(body.declaredBytes)]
        : body.isPresent
          ? ['Transfer-Encoding', 'chunked']
          : [];
    const upgrading = upgrade === null ? [] : ['Connection', 'Upgrade', 'Upgrade', upgrade];
    const clientHost = call.header('host') ?? call.host;
    return ['Host', host ?? pool.hostFor(node, clientHost), ...headers.toFlatList(), ...framing, ...upgrading];
  }

  #onConnected(request: ClientRequest): void {
    if (!this.#wasSent) this.#options.events.sent();
    this.#wasSent = true;
    this.#options.body.pumpTo(request, (fault) => {
      this.abort();
      this.#options.events.failed(ownError(bodyErrors[fault]));
    });
  }

  #onAnswered(response: IncomingMessage, node: Node): void {
    if (this.#isOver) return;
    response.once('close', () => this.#release());
    this.#options.events.answered(response, node);
  }

  #onUpgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#release();
    if (this.#isOver) socket.destroy();
    else this.#options.events.upgraded(response, socket, head);
  }

  #onFailed(cause: Error, node: Node, state: { wasSent: boolean; wasStale: boolean }): void {
    this.#release();
    if (this.#isOver) return;
    if (this.#isRepeatable(state.wasSent)) {
      if (state.wasStale && !this.#hasReplayed) {
        this.#hasReplayed = true;
        this.#send(node);
        return;
      }
      if (this.#retriesLeft > 0 && !this.#isRetryTimeOver()) {
        this.#retriesLeft--;
        this.#failedNodes.add(node);
        this.start();
        return;
      }
    }
    this.#fail(ownError(errorOf(cause)));
  }

  #isRepeatable(wasSent: boolean): boolean {
    const { call, body } = this.#options;
    return !body.hasBegun && (!wasSent || idempotentMethods.has(call.upstreamRequest.method));
  }

  #isRetryTimeOver(): boolean {
    const { retryTimeoutMs } = this.#options.pool;
    return retryTimeoutMs > 0 && performance.now() - this.#startedAt >= retryTimeoutMs;
  }

  #release(): void {
    if (this.#node === null) return;
    this.#options.pool.release(this.#node, performance.now() - this.#nodeStartedAt);
    this.#node = null;
  }

  #fail(error: OwnError): void {
    this.#isOver = true;
    this.#options.body.stop();
    this.#options.events.failed(error);
  }
}

const bodyErrors = {
  'too-large': engineErrors.bodyTooLarge,
  stalled: engineErrors.requestTimeout,
} as const satisfies Record<BodyFault, unknown>;

function errorOf(cause: Error) {
  if (cause instanceof AddressRefusedError) return engineErrors.upstreamRefused;
  if (cause instanceof UpstreamTimeoutError) return engineErrors.upstreamTimeout;
  return engineErrors.upstreamFailed;
}
