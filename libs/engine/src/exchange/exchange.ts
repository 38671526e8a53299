import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { decide } from '../execute/inbound.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import { type ForwardedAnswer, type ForwardEvents, Forwarding } from '../http1/forwarding.ts';
import type { HttpServices } from '../http1/services.ts';
import { andThen, type Eventual, type ResponseHead, type Verdict } from '../policy/call.ts';
import type { Answer } from './answer.ts';
import { AnswerPassing } from './answer-passing.ts';
import type { AnswerSink } from './answer-relay.ts';
import { type BodyLookEvents, BodyLooks, looksAtAnswer, looksAtRequest } from './body-looks.ts';
import { CallTally } from './call-tally.ts';
import type { ExchangeClient } from './exchange-client.ts';
import type { ForwardedBody } from './forwarded-body.ts';
import type { UpstreamHead } from './upstream-channel.ts';

/** Runs the calls of a connection, or the one of a stream, each from its checked head to its entry in the ledger. */
export class Exchange implements ForwardEvents, AnswerSink, BodyLookEvents {
  readonly #services: HttpServices;
  readonly #client: ExchangeClient;
  readonly #answer: Answer;
  readonly #passing: AnswerPassing;
  readonly #looks: BodyLooks;
  readonly #tally = new CallTally();
  /** The call under way; null between calls. */
  #call: CallState | null = null;
  readonly #forwarding: Forwarding;
  /** A policy works on the call in the background. */
  #isWaiting = false;

  constructor(services: HttpServices, client: ExchangeClient, answer: Answer) {
    this.#services = services;
    this.#client = client;
    this.#answer = answer;
    this.#forwarding = new Forwarding(services, this);
    this.#passing = new AnswerPassing({ services, client, answer, sink: this });
    this.#looks = new BodyLooks({ scratch: services.scratch, client, answer, passing: this.#passing }, this);
  }

  /** A call is under way. */
  get isBusy(): boolean {
    return this.#call !== null;
  }

  /** Runs a call, or only answers with the verdict given. */
  begin(call: CallState, early?: Verdict): void {
    this.#call = call;
    this.#tally.begin();
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
    if (!this.#looks.takeBody()) this.#forwarding.onBody();
  }

  /** The client has taken what was written. */
  onClientWritten(): void {
    this.#passing.clientWritten();
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
    this.#tally.billable = true;
    const { awaitsContinue, body } = this.#client;
    if (awaitsContinue && body?.hasBegun === false && this.#answer.status === 0) this.#answer.writeContinue();
  }

  interim(head: UpstreamHead, bytes: Buffer): void {
    // 100 answers an Expect that the gateway has dealt with itself.
    if (head.status === 100 || !this.#client.takesInterim || this.#call === null) return;
    this.#answer.writeInterim(this.#call, head, bytes);
  }

  answered(answer: ForwardedAnswer): void {
    const call = this.#call;
    if (call === null) return;
    this.#tally.answeredBy(answer.node.name);
    const { program, pipeline } = call;
    if (answer.head.status === 101) this.#switch(call, answer);
    else if (program.globalPipeline.looksAtAnswers || pipeline?.looksAtAnswers === true) this.#passShaped(call, answer);
    else this.#passAsItIs(call, answer);
  }

  failed(error: OwnError): void {
    const call = this.#call;
    call?.program.watch?.refused(error);
    this.#stopUpstream();
    if (call !== null && this.#answer.status === 0) this.#answerOwn(call, this.#answer.renderError(call, error));
    else this.#break();
  }

  writeAnswer(length: number): boolean {
    return this.#client.write(length);
  }

  answerComplete(trailers: HeaderList | null): void {
    if (trailers !== null) this.#answer.endWith(trailers);
    this.#forwarding.finished();
    this.#end(this.#answer.closes ? 'close' : 'keep');
  }

  answerBroken(): void {
    this.#forwarding.finished();
    this.#end('cut');
  }

  requestWritten(): void {
    this.#passing.body?.unblock();
  }

  goOn<T>(call: CallState, work: () => Eventual<T>, next: (result: T) => void): void {
    try {
      const result = work();
      if (result instanceof Promise) this.#await(call, result, next);
      else next(result);
    } catch (cause) {
      this.#fail(call, cause);
    }
  }

  requestSeen(call: CallState, verdict: Verdict | undefined, body: ForwardedBody | null): void {
    if (verdict === undefined) this.#forward(call, body);
    else this.#answerVerdict(call, verdict);
  }

  answerRead(): void {
    this.#forwarding.finished();
  }

  answerSeen(call: CallState, head: ResponseHead): void {
    this.#sendOwn(call, head);
  }

  refused(error: ErrorDefinition): void {
    this.failed(ownError(error));
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
    this.#tally.decidedLate();
    this.#proceed(call, verdict);
  }

  #proceed(call: CallState, verdict: Verdict | undefined): void {
    if (verdict === undefined) {
      if (looksAtRequest(call)) this.#looks.lookAtRequest(call);
      else this.#forward(call, this.#client.body);
    } else {
      this.#answerVerdict(call, verdict);
    }
  }

  #answerVerdict(call: CallState, verdict: Verdict): void {
    call.program.watch?.refused(verdict);
    if (verdict.kind === 'reject') {
      this.#answerOwn(call, this.#answer.renderError(call, verdict));
      return;
    }
    this.#tally.billable = verdict.billable;
    const { status, headers, body } = verdict;
    this.#answerOwn(call, { status, headers: new HeaderList(headers.flat()), body, isForwarded: false });
  }

  #forward(call: CallState, body: ForwardedBody | null): void {
    const route = call.match?.route;
    if (route === undefined) return;
    if (route.upstream === null) {
      this.failed(ownError(engineErrors.noUpstream));
      return;
    }
    const pool = route.upstream;
    const { forwarded, upgrade } = this.#client;
    this.#passing.body = body;
    this.#forwarding.start({
      call,
      forwarded,
      pool,
      timeouts: route.timeouts ?? pool.timeouts,
      body,
      upgrade: route.allowsUpgrade && upgrade !== null ? upgrade.protocol : null,
    });
  }

  #passAsItIs(call: CallState, answer: ForwardedAnswer): void {
    const passed = this.#passing.passAsItIs(call, answer);
    if (passed === 'whole') this.answerComplete(null);
    else if (passed === 'failed') this.#break();
  }

  /** Policies look at the head, and may need time for it; meanwhile nothing is read. */
  #passShaped(call: CallState, answer: ForwardedAnswer): void {
    const held = this.#passing.hold(call, answer);
    this.#shape(call, held.head, () => {
      held.channel.resume();
      if (held.head.body !== null) {
        this.#forwarding.finished();
        this.#passing.discard(held);
        this.#sendOwn(call, held.head);
      } else if (held.framing !== null && looksAtAnswer(call)) {
        this.#looks.lookAtAnswer(call, held);
      } else if (!this.#passing.passShaped(call, held)) {
        this.#break();
      }
    });
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
    const shape = () =>
      andThen(call.program.globalPipeline.response(call, head), () => call.pipeline?.response(call, head));
    this.goOn(call, shape, next);
  }

  #switch(call: CallState, { channel, head, bytes, start, end }: ForwardedAnswer): void {
    const { upgrade } = this.#client;
    const upstream = upgrade === null || call.match?.route.allowsUpgrade !== true ? null : channel.detach();
    if (upgrade === null || upstream === null) {
      this.failed(ownError(engineErrors.upstreamFailed));
      return;
    }
    const rest = Buffer.from(bytes.subarray(start, end));
    upgrade.agree(call, head, bytes);
    this.#forwarding.finished();
    this.#finish();
    upgrade.switchTo(upstream, rest);
  }

  #stopUpstream(): void {
    this.#forwarding.abort();
    this.#passing.abort();
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
    this.#tally.bytesIn = this.#client.body?.transferredBytes ?? 0;
    this.#tally.bytesOut += ownBytes + this.#passing.transferredBytes;
    // Their channels may serve other calls from now on.
    this.#forwarding.forget();
    this.#looks.forget();
    this.#passing.forget();
    this.#tally.settle(this.#services, call, status);
  }
}
