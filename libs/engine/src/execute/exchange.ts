import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { noRoute } from '@tollgate/contracts/dataplane';
import type { Node } from '../balancing/balancer.ts';
import { engineErrors } from '../engine.errors.ts';
import { andThen, type Outcome, type ResponseHead, type Verdict } from '../policy/call.ts';
import { settleQuota } from '../quota/quota-hold.ts';
import type { ExchangeServices } from './exchange-services.ts';
import { Forwarding } from './forward.ts';
import { setForwardedHeaders, type Peer } from './forwarded-headers.ts';
import { HeaderList } from './header-list.ts';
import { removeHopByHop } from './hop-by-hop.ts';
import type { HttpCall } from './http-call.ts';
import { decide } from './inbound.ts';
import { type OwnError, ownError, renderError } from './own-answer.ts';
import { RequestBody } from './request-body.ts';
import { pumpResponse } from './response-body.ts';
import { dropRestOfBody } from './unread-body.ts';
import { answerUpgrade, joinSockets } from './upgrade.ts';

/** Both ends of a request as Node hands them over. */
export interface ClientEnds {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly peer: Peer;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly awaitsContinue: boolean;
  /** The raw connection of a request that asks for an upgrade. */
  readonly upgrade: { readonly token: string; readonly socket: Duplex; readonly head: Buffer } | null;
}

/** One call from its checked head to its entry in the ledger. */
export class Exchange {
  readonly #services: ExchangeServices;
  readonly #call: HttpCall;
  readonly #ends: ClientEnds;
  readonly #body: RequestBody;
  readonly #startedAt = performance.now();
  #forwarding: Forwarding | null = null;
  #upstreamStartedAt = 0;
  #upstreamLatencyUs = 0;
  #node: string | null = null;
  #billable = false;
  #bytesOut = 0;
  #isFinished = false;
  #switchedStatus: number | null = null;

  constructor(services: ExchangeServices, call: HttpCall, ends: ClientEnds) {
    this.#services = services;
    this.#call = call;
    this.#ends = ends;
    this.#body = new RequestBody(ends.request, {
      limitBytes: call.program.settings.bodyLimitBytes ?? services.limits.bodyLimitBytes,
      stallMs: services.limits.bodyStallMs,
    });
  }

  /**
   * Runs the call, or only answers with the verdict given. It ends, and is counted, when its answer is sent or its
   * connection is gone.
   */
  start(early?: Verdict): void {
    const { response } = this.#ends;
    response.once('finish', () => this.#finish());
    response.once('close', () => this.abandon());
    response.on('error', () => this.abandon());
    try {
      const decided = andThen(early ?? this.#tooLarge() ?? decide(this.#call), (verdict) =>
        verdict === undefined ? this.#forward() : this.#giveVerdict(verdict),
      );
      if (decided instanceof Promise) decided.catch((cause: unknown) => this.#fail(cause));
    } catch (cause) {
      this.#fail(cause);
    }
  }

  /** The client's connection is gone: nothing more can be sent, and the call counts as it stands. */
  abandon(): void {
    this.#forwarding?.abort();
    this.#finish();
  }

  #tooLarge(): Verdict | undefined {
    return this.#body.isDeclaredTooLarge ? this.#call.reject(engineErrors.bodyTooLarge) : undefined;
  }

  #giveVerdict(verdict: Verdict): void {
    if (verdict.kind === 'reject') {
      this.#answerError(verdict);
      return;
    }
    this.#billable = verdict.billable;
    this.#answer({
      status: verdict.status,
      headers: new HeaderList(verdict.headers.flat()),
      body: verdict.body,
      isForwarded: false,
    });
  }

  #forward(): void {
    const { match, upstreamRequest } = this.#call;
    const route = match?.route;
    if (this.#isFinished || route === undefined) return;
    if (route.upstream === null) {
      this.#answerError(ownError(engineErrors.noUpstream));
      return;
    }
    this.#prepareUpstreamHeaders(upstreamRequest.headers);
    const { upgrade } = this.#ends;
    this.#upstreamStartedAt = performance.now();
    this.#forwarding = new Forwarding({
      call: this.#call,
      route,
      pool: route.upstream,
      body: this.#body,
      guard: this.#services.guard,
      headLimitBytes: this.#services.limits.upstreamHeadLimitBytes,
      upgrade: upgrade !== null && route.allowsUpgrade ? upgrade.token : null,
      events: {
        sent: () => this.#onSent(),
        answered: (answer, node) => this.#onAnswered(answer, node),
        upgraded: (answer, socket, head) => this.#onUpgraded(answer, socket, head),
        failed: (error) => this.#answerError(error),
      },
    });
    this.#forwarding.start();
  }

  #prepareUpstreamHeaders(headers: HeaderList): void {
    const { clientAddress, scheme, host, localPort, requestId } = this.#call;
    removeHopByHop(headers);
    for (const name of ['host', 'content-length', 'expect']) headers.remove(name);
    setForwardedHeaders(headers, {
      peer: this.#ends.peer,
      clientAddress,
      scheme,
      authority: this.#call.header('host') ?? host,
      port: localPort,
    });
    headers.set('X-Request-Id', requestId);
  }

  #onSent(): void {
    this.#billable = true;
    if (this.#ends.awaitsContinue && this.#body.isPresent) this.#ends.response.writeContinue();
  }

  #onAnswered(answer: IncomingMessage, node: Node): void {
    this.#upstreamLatencyUs = microsecondsSince(this.#upstreamStartedAt);
    this.#node = node.name;
    const headers = new HeaderList(answer.rawHeaders);
    removeHopByHop(headers);
    this.#answer({ status: answer.statusCode ?? 502, headers, body: null, isForwarded: true }, answer);
  }

  #onUpgraded(answer: IncomingMessage, upstreamSocket: Duplex, head: Buffer): void {
    const { upgrade, response } = this.#ends;
    if (upgrade === null) {
      upstreamSocket.destroy();
      this.#answerError(ownError(engineErrors.upstreamFailed));
      return;
    }
    this.#upstreamLatencyUs = microsecondsSince(this.#upstreamStartedAt);
    this.#switchedStatus = 101;
    answerUpgrade(response, upgrade.socket, { answer, requestId: this.#call.requestId });
    joinSockets({ client: upgrade.socket, clientHead: upgrade.head, upstream: upstreamSocket, upstreamHead: head });
    this.#finish();
  }

  #answerError(error: OwnError): void {
    this.#answer(this.#renderOwn(error));
  }

  #renderOwn(error: OwnError): ResponseHead {
    const { requestId, path, program } = this.#call;
    const format = program.settings.errorFormat;
    const { contentType, body } = renderError(error, { format, requestId, path, docsUrl: this.#services.docsUrl });
    return { status: error.status, headers: new HeaderList(['Content-Type', contentType]), body, isForwarded: false };
  }

  #answer(head: ResponseHead, forwarded?: IncomingMessage): void {
    const { globalPipeline } = this.#call.program;
    const shaped = andThen(globalPipeline.response(this.#call, head), () =>
      this.#call.pipeline?.response(this.#call, head),
    );
    const sent = andThen(shaped, () => this.#send(head, forwarded));
    if (sent instanceof Promise) sent.catch((cause: unknown) => this.#fail(cause));
  }

  #send(head: ResponseHead, forwarded: IncomingMessage | undefined): void {
    const { response, request } = this.#ends;
    if (response.destroyed || response.headersSent) {
      forwarded?.destroy();
      return;
    }
    const { headers } = head;
    headers.replaceWith(this.#call.responseHeaders);
    headers.set('X-Request-Id', this.#call.requestId);
    if (!dropRestOfBody(request, this.#restBytes(), this.#services.limits)) headers.set('Connection', 'close');
    if (forwarded !== undefined && head.body === null) {
      response.writeHead(head.status, forwarded.statusMessage, headers.toFlatList());
      pumpResponse(forwarded, response, {
        stallMs: this.#services.limits.bodyStallMs,
        onBytes: (count) => (this.#bytesOut += count),
      });
      return;
    }
    forwarded?.resume();
    this.#sendOwnBody(head);
  }

  #sendOwnBody({ status, headers, body }: ResponseHead): void {
    const { response } = this.#ends;
    const mayHaveBody = status !== 204 && status !== 304;
    const bytes = Buffer.from(body ?? '');
    headers.remove('content-length');
    if (mayHaveBody) headers.set('Content-Length', String(bytes.length));
    response.writeHead(status, STATUS_CODES[status] ?? '', headers.toFlatList());
    if (mayHaveBody && this.#call.method !== 'HEAD') this.#bytesOut += bytes.length;
    response.end(mayHaveBody ? bytes : undefined);
  }

  /** How much of the request's body is still to come; null when that is unknown or it will never come. */
  #restBytes(): number | null {
    const { declaredBytes, passedBytes, isStalled, hasBegun } = this.#body;
    const isComing = !isStalled && (hasBegun || !this.#ends.awaitsContinue);
    return isComing && declaredBytes !== null ? declaredBytes - passedBytes : null;
  }

  #fail(cause: unknown): void {
    this.#services.metrics.failure(cause, this.#call.requestId);
    this.#forwarding?.abort();
    const { response } = this.#ends;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const head = this.#renderOwn(ownError(engineErrors.internal));
    head.headers.set('X-Request-Id', this.#call.requestId);
    head.headers.set('Connection', 'close');
    this.#sendOwnBody(head);
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { response } = this.#ends;
    const outcome: Outcome = {
      status: this.#switchedStatus ?? (response.headersSent ? response.statusCode : 499),
      billable: this.#billable,
      bytesIn: this.#body.passedBytes,
      bytesOut: this.#bytesOut,
      latencyUs: microsecondsSince(this.#startedAt),
      upstreamLatencyUs: this.#upstreamLatencyUs,
      node: this.#node,
    };
    this.#count(outcome);
    try {
      this.#call.program.globalPipeline.log(this.#call, outcome);
      this.#call.pipeline?.log(this.#call, outcome);
    } catch (cause) {
      this.#services.metrics.failure(cause, this.#call.requestId);
    }
    this.#services.ended(this);
  }

  #count(outcome: Outcome): void {
    const endedAt = this.#services.now();
    settleQuota(this.#call, outcome.billable, endedAt);
    this.#services.ledger.record({
      endedAt,
      groupId: this.#call.groupId,
      tenantId: this.#call.program.settings.tenantId,
      routeId: this.#call.route?.id ?? noRoute,
      consumer: this.#call.caller?.consumerId ?? null,
      status: outcome.status,
      billable: outcome.billable,
      latencyUs: outcome.latencyUs,
      bytesIn: outcome.bytesIn,
      bytesOut: outcome.bytesOut,
    });
  }
}

function microsecondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000);
}
