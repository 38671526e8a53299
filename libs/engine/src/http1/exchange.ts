import { performance } from 'node:perf_hooks';
import { engineErrors } from '../engine.errors.ts';
import { account } from '../execute/call-outcome.ts';
import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { decide } from '../execute/inbound.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import { andThen, type ResponseHead, type Verdict } from '../policy/call.ts';
import { readBytes } from '../sockets/scratch.ts';
import type { Socket } from '../sockets/socket.ts';
import { AnswerRelay, type AnswerSink, type RelayOptions } from './answer-relay.ts';
import { type AnsweredClient, AnswerWriter } from './answer-writer.ts';
import { type ForwardedAnswer, type ForwardEvents, Forwarding } from './forwarding.ts';
import type { WriteFields } from './request-head.ts';
import type { ResponseReader } from './response-reader.ts';
import type { HttpServices } from './services.ts';

/** The client's connection, as its calls see it. */
export interface ExchangeClient extends AnsweredClient {
  /** The protocol that the client asks for, or null. */
  readonly upgrade: string | null;
  /** Writes the fields of the request as they go to an upstream. */
  writeFields: WriteFields;
  /** A policy may still look at the fields of the request although the call has ended: they must not be used again. */
  leaveFields(): void;
  /** The answer is out (`keep`: the next request may come), or will never be whole (`cut`). */
  exchangeEnded(end: 'keep' | 'close' | 'cut'): void;
  /** Another protocol is spoken from now on. */
  switchTo(upstream: Socket, firstBytes: Buffer): void;
}

/** Runs the calls of a connection one after the other, each from its checked head to its entry in the ledger. */
export class Exchange implements ForwardEvents, AnswerSink {
  readonly #services: HttpServices;
  readonly #client: ExchangeClient;
  readonly #answer: AnswerWriter;
  /** The call under way; null between calls. */
  #call: CallState | null = null;
  #forwarding: Forwarding | null = null;
  #relay: AnswerRelay | null = null;
  /** On the monotonic clock, milliseconds. When the call began; went to its upstream, if policies had made it wait; got its answer's head. */
  #startedAt = 0;
  #forwardedAt = 0;
  #answeredAt = 0;
  #node: string | null = null;
  #isBillable = false;
  #bytesOut = 0;
  /** A policy works on the call in the background. */
  #isWaiting = false;

  constructor(services: HttpServices, client: ExchangeClient) {
    this.#services = services;
    this.#client = client;
    this.#answer = new AnswerWriter(services, client);
  }

  /** A call is under way. */
  get isBusy(): boolean {
    return this.#call !== null;
  }

  /** Runs a call, or only answers with the verdict given. */
  begin(call: CallState, early?: Verdict): void {
    this.#call = call;
    this.#startedAt = performance.now();
    this.#forwardedAt = 0;
    this.#answeredAt = 0;
    this.#node = null;
    this.#isBillable = false;
    this.#bytesOut = 0;
    this.#answer.begin();
    try {
      const decided = early ?? this.#refuseLargeBody(call) ?? decide(call);
      if (decided instanceof Promise) this.#await(call, decided, (verdict) => this.#proceedLate(call, verdict));
      else this.#proceed(call, decided);
    } catch (cause) {
      this.#fail(call, cause);
    }
  }

  /** More of the body has come. */
  onBody(): void {
    this.#forwarding?.onBody();
  }

  /** The client has taken what was written. */
  onClientWritten(): void {
    this.#relay?.clientWritten();
  }

  /** The client has stopped in the middle of its body, or of taking an early answer to it. */
  onBodyStalled(): void {
    if (this.#answer.status === 0) this.failed(ownError(engineErrors.requestTimeout));
    else this.#break();
  }

  /** The client's connection is gone: nothing more can be sent, and the call counts as it stands. */
  abandon(): void {
    if (this.#call === null) return;
    this.#stopUpstream();
    this.#finish();
  }

  sent(): void {
    this.#isBillable = true;
    const { awaitsContinue, body } = this.#client;
    if (awaitsContinue && body?.hasBegun === false && this.#answer.status === 0) this.#answer.writeContinue();
  }

  interim(reader: ResponseReader, bytes: Buffer): void {
    // 100 answers an Expect that the gateway has dealt with itself; HTTP/1.0 knows no interim answers.
    if (reader.status === 100 || this.#client.minorVersion === 0 || this.#call === null) return;
    this.#answer.writeInterim(this.#call, reader, bytes);
  }

  answered(answer: ForwardedAnswer): void {
    const call = this.#call;
    if (call === null) return;
    this.#answeredAt = performance.now();
    this.#node = answer.node.name;
    const { program, pipeline } = call;
    if (answer.reader.status === 101) this.#switch(call, answer);
    else if (program.globalPipeline.looksAtAnswers || pipeline?.looksAtAnswers === true)
      this.#relayShaped(call, answer);
    else this.#relayAsItIs(call, answer);
  }

  failed(error: OwnError): void {
    const call = this.#call;
    this.#stopUpstream();
    if (call !== null && this.#answer.status === 0) this.#answerOwn(call, this.#answer.renderError(call, error));
    else this.#break();
  }

  writeAnswer(length: number): boolean {
    return this.#client.write(length);
  }

  answerComplete(): void {
    this.#forwarding?.finished();
    this.#end(this.#answer.closes ? 'close' : 'keep');
  }

  answerBroken(): void {
    this.#forwarding?.finished();
    this.#end('cut');
  }

  requestWritten(): void {
    this.#client.body?.unblock();
  }

  #refuseLargeBody(call: CallState): Verdict | undefined {
    return this.#client.body?.isDeclaredTooLarge === true ? call.reject(engineErrors.bodyTooLarge) : undefined;
  }

  /** Goes on when a policy has done its work, if the call is still under way then. */
  #await<T>(call: CallState, promise: Promise<T>, next: (result: T) => void): void {
    this.#isWaiting = true;
    promise
      .then((result) => {
        if (this.#call !== call) return;
        this.#isWaiting = false;
        next(result);
      })
      .catch((cause: unknown) => this.#fail(call, cause));
  }

  #proceedLate(call: CallState, verdict: Verdict | undefined): void {
    this.#forwardedAt = performance.now();
    this.#proceed(call, verdict);
  }

  #proceed(call: CallState, verdict: Verdict | undefined): void {
    if (verdict === undefined) {
      this.#forward(call);
    } else if (verdict.kind === 'reject') {
      this.#answerOwn(call, this.#answer.renderError(call, verdict));
    } else {
      this.#isBillable = verdict.billable;
      const { status, headers, body } = verdict;
      this.#answerOwn(call, { status, headers: new HeaderList(headers.flat()), body, isForwarded: false });
    }
  }

  #forward(call: CallState): void {
    const route = call.match?.route;
    if (route === undefined) return;
    if (route.upstream === null) {
      this.failed(ownError(engineErrors.noUpstream));
      return;
    }
    const client = this.#client;
    this.#forwarding = new Forwarding({
      services: this.#services,
      call,
      route,
      pool: route.upstream,
      body: client.body,
      client,
      upgrade: route.allowsUpgrade ? client.upgrade : null,
      events: this,
    });
    this.#forwarding.start();
  }

  /** The common case: nobody looks at the answer, so its bytes are copied. */
  #relayAsItIs(call: CallState, { connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const framing = reader.framing(call.method === 'HEAD');
    const { isKept } = reader;
    const clientFraming = this.#answer.framingFor(framing, reader.contentLength, reader.status);
    const headBytes = this.#answer.composeForwarded(call, reader, bytes, clientFraming);
    const length = framing === null ? 0 : framing.kind === 'length' ? framing.bytes : Infinity;
    if (length <= end - start && length <= readBytes) {
      bytes.copy(this.#services.scratch.bytes, headBytes, start, start + length);
      this.#bytesOut = length;
      this.#client.write(headBytes + length);
      connection.release(isKept && start + length === end && this.#isRequestSent());
      this.answerComplete();
      return;
    }
    this.#relayBody({ connection, framing, rechunks: clientFraming.kind === 'chunked', isKept });
    this.#relay?.begin(headBytes, bytes, start, end);
  }

  /** Policies look at the head, and may need time for it; meanwhile nothing is read. */
  #relayShaped(call: CallState, { connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const head: ResponseHead = { status: reader.status, headers: reader.toList(bytes), body: null, isForwarded: true };
    const framing = reader.framing(call.method === 'HEAD');
    const { contentLength, isKept } = reader;
    const rest = Buffer.from(bytes.subarray(start, end));
    connection.pause();
    this.#shape(call, head, () => {
      connection.resume();
      if (head.body !== null) {
        this.#discard({ connection, framing, isKept }, rest);
        this.#sendOwn(call, head);
        return;
      }
      const clientFraming = this.#answer.framingFor(framing, contentLength, head.status);
      const length = this.#answer.composeListed(call, head, clientFraming);
      if (length < 0) {
        this.#break();
        return;
      }
      this.#relayBody({ connection, framing, rechunks: clientFraming.kind === 'chunked', isKept });
      this.#relay?.begin(length, rest, 0, rest.length);
    });
  }

  /** The upstream's body has been replaced: a short rest of it is read so that its connection can be kept. */
  #discard(answer: Pick<RelayOptions, 'connection' | 'framing' | 'isKept'>, rest: Buffer): void {
    const services = this.#services;
    const { framing, connection } = answer;
    this.#forwarding?.finished();
    const isShort = framing === null || (framing.kind === 'length' && framing.bytes <= services.limits.drainLimitBytes);
    if (!isShort) connection.destroy();
    else new AnswerRelay({ services, ...answer, rechunks: false, sink: null }).begin(0, rest, 0, rest.length);
  }

  #relayBody(answer: Pick<RelayOptions, 'connection' | 'framing' | 'isKept' | 'rechunks'>): void {
    this.#relay = new AnswerRelay({
      services: this.#services,
      connection: answer.connection,
      framing: answer.framing,
      rechunks: answer.framing !== null && answer.rechunks,
      isKept: answer.isKept && this.#isRequestSent(),
      sink: this,
    });
  }

  /** A connection on which a request is still being sent is of no use to the next call. */
  #isRequestSent(): boolean {
    const { body } = this.#client;
    return body === null || body.isComplete;
  }

  #answerOwn(call: CallState, head: ResponseHead): void {
    this.#shape(call, head, () => this.#sendOwn(call, head));
  }

  #sendOwn(call: CallState, head: ResponseHead): void {
    if (this.#answer.writeOwn(call, head)) this.#end(this.#answer.closes ? 'close' : 'keep');
    else this.#break();
  }

  /** Lets policies change the head of an answer, then goes on. */
  #shape(call: CallState, head: ResponseHead, next: () => void): void {
    try {
      const shaped = andThen(call.program.globalPipeline.response(call, head), () =>
        call.pipeline?.response(call, head),
      );
      if (shaped instanceof Promise) this.#await(call, shaped, next);
      else next();
    } catch (cause) {
      this.#fail(call, cause);
    }
  }

  #switch(call: CallState, { connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const client = this.#client;
    if (client.upgrade === null || call.match?.route.allowsUpgrade !== true) {
      this.failed(ownError(engineErrors.upstreamFailed));
      return;
    }
    const rest = Buffer.from(bytes.subarray(start, end));
    this.#answer.writeSwitch(call, reader, bytes, client.upgrade);
    this.#forwarding?.finished();
    this.#finish();
    client.switchTo(connection.detach(), rest);
  }

  #stopUpstream(): void {
    this.#forwarding?.abort();
    this.#relay?.abort();
  }

  /** Something has failed that never should: the caller gets 500, or an answer that shows that it is not whole. */
  #fail(call: CallState, cause: unknown): void {
    this.#services.metrics.failure(cause, call.requestId);
    if (this.#call !== call) return;
    this.#stopUpstream();
    if (this.#answer.status !== 0) {
      this.#break();
      return;
    }
    call.addedHeaders = null;
    this.#answer.closes = true;
    this.#sendOwn(call, this.#answer.renderError(call, ownError(engineErrors.internal)));
  }

  /** The client cannot be given a whole answer any more. */
  #break(): void {
    this.#stopUpstream();
    this.#end('cut');
  }

  #end(end: 'keep' | 'close' | 'cut'): void {
    if (this.#call === null) return;
    this.#finish();
    this.#client.exchangeEnded(end);
  }

  #finish(): void {
    const call = this.#call;
    if (call === null) return;
    this.#call = null;
    if (this.#isWaiting) {
      this.#isWaiting = false;
      this.#client.leaveFields();
    }
    const { status, ownBytes } = this.#answer;
    const bytesOut = this.#bytesOut + ownBytes + (this.#relay?.transferredBytes ?? 0);
    // Their connections may serve other calls from now on.
    this.#forwarding = null;
    this.#relay = null;
    const now = performance.now();
    const forwardedAt = this.#forwardedAt === 0 ? this.#startedAt : this.#forwardedAt;
    account(this.#services, call, {
      status: status === 0 ? 499 : status,
      billable: this.#isBillable,
      bytesIn: this.#client.body?.transferredBytes ?? 0,
      bytesOut,
      latencyUs: toMicroseconds(now - this.#startedAt),
      upstreamLatencyUs: this.#answeredAt === 0 ? 0 : toMicroseconds(this.#answeredAt - forwardedAt),
      node: this.#node,
    });
  }
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
