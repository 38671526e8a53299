import { noRoute } from '@tollgate/contracts/dataplane';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { decide } from '../execute/inbound.ts';
import { type OwnError, ownError } from '../execute/own-answer.ts';
import { andThen, type Outcome, type ResponseHead, type Verdict } from '../policy/call.ts';
import { settleQuota } from '../quota/quota-hold.ts';
import type { Socket } from '../sockets/socket.ts';
import { AnswerRelay, type AnswerSink, type RelayOptions } from './answer-relay.ts';
import { type AnswerSetting, AnswerWriter } from './answer-writer.ts';
import { type ForwardedAnswer, type ForwardEvents, Forwarding } from './forwarding.ts';
import type { ResponseReader } from './response-reader.ts';

/** The client's connection, as a call sees it. */
export interface ExchangeClient {
  /** The client may send another request after this one. */
  readonly mayKeep: boolean;
  /** Writes what stands in the scratch buffer; false when the client is slower. */
  write(length: number): boolean;
  /** The fields of the request as they go to an upstream. */
  forwardedSection(call: CallState): Buffer;
  /** The answer is out (`keep`: the next request may come), or will never be whole (`cut`). */
  exchangeEnded(end: 'keep' | 'close' | 'cut'): void;
  /** Another protocol is spoken from now on. */
  switchTo(upstream: Socket, firstBytes: Buffer): void;
}

/** What a call works with. */
export interface ExchangeOptions extends AnswerSetting {
  readonly client: ExchangeClient;
  /** The protocol that the client asks for, or null. */
  readonly upgrade: string | null;
}

/** One call from its checked head to its entry in the ledger. */
export class Exchange implements ForwardEvents, AnswerSink {
  readonly #options: ExchangeOptions;
  readonly #answer: AnswerWriter;
  readonly #startedAt = performance.now();
  #forwarding: Forwarding | null = null;
  #relay: AnswerRelay | null = null;
  /** When the call went to its upstream, if policies had made it wait, and when the head of the answer came. */
  #forwardedAt = 0;
  #answeredAt = 0;
  #node: string | null = null;
  #billable = false;
  #isFinished = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#answer = new AnswerWriter(options);
  }

  /** Runs the call, or only answers with the verdict given. */
  start(early?: Verdict): void {
    const { call, body } = this.#options;
    try {
      const tooLarge = body?.isDeclaredTooLarge === true ? call.reject(engineErrors.bodyTooLarge) : undefined;
      const decided = early ?? tooLarge ?? decide(call);
      if (decided instanceof Promise) {
        decided.then((verdict) => this.#proceedLate(verdict)).catch((cause: unknown) => this.#fail(cause));
      } else {
        this.#proceed(decided);
      }
    } catch (cause) {
      this.#fail(cause);
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
    this.#stopUpstream();
    this.#finish();
  }

  sent(): void {
    this.#billable = true;
    const { awaitsContinue, body } = this.#options;
    if (awaitsContinue && body?.hasBegun === false && this.#answer.status === 0) this.#answer.writeContinue();
  }

  interim(reader: ResponseReader, bytes: Buffer): void {
    // 100 answers an Expect that the gateway has dealt with itself; HTTP/1.0 knows no interim answers.
    if (reader.status === 100 || this.#options.minorVersion === 0 || this.#isFinished) return;
    this.#answer.writeInterim(reader, bytes);
  }

  answered(answer: ForwardedAnswer): void {
    if (this.#isFinished) return;
    this.#answeredAt = performance.now();
    this.#node = answer.node.name;
    const { program, pipeline } = this.#options.call;
    if (answer.reader.status === 101) this.#switch(answer);
    else if (program.globalPipeline.looksAtAnswers || pipeline?.looksAtAnswers === true) this.#relayShaped(answer);
    else this.#relayAsItIs(answer);
  }

  failed(error: OwnError): void {
    this.#stopUpstream();
    if (this.#answer.status === 0) this.#answerOwn(this.#answer.renderError(error));
    else this.#break();
  }

  writeAnswer(length: number): boolean {
    return this.#options.client.write(length);
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
    this.#options.body?.unblock();
  }

  #proceedLate(verdict: Verdict | undefined): void {
    this.#forwardedAt = performance.now();
    this.#proceed(verdict);
  }

  #proceed(verdict: Verdict | undefined): void {
    if (this.#isFinished) return;
    if (verdict === undefined) {
      this.#forward();
    } else if (verdict.kind === 'reject') {
      this.#answerOwn(this.#answer.renderError(verdict));
    } else {
      this.#billable = verdict.billable;
      const { status, headers, body } = verdict;
      this.#answerOwn({ status, headers: new HeaderList(headers.flat()), body, isForwarded: false });
    }
  }

  #forward(): void {
    const { services, call, client, body, upgrade } = this.#options;
    const route = call.match?.route;
    if (route === undefined) return;
    if (route.upstream === null) {
      this.failed(ownError(engineErrors.noUpstream));
      return;
    }
    this.#forwarding = new Forwarding({
      services,
      call,
      route,
      pool: route.upstream,
      body,
      section: client.forwardedSection(call),
      upgrade: route.allowsUpgrade ? upgrade : null,
      events: this,
    });
    this.#forwarding.start();
  }

  /** The common case: nobody looks at the answer, so its bytes are copied. */
  #relayAsItIs({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const framing = reader.framing(this.#options.call.method === 'HEAD');
    const clientFraming = this.#answer.framingFor(framing, reader.contentLength, reader.status);
    const { isKept } = reader;
    const headBytes = this.#answer.composeForwarded(reader, bytes, clientFraming);
    this.#relayBody({ connection, framing, rechunks: clientFraming.kind === 'chunked', isKept });
    this.#relay?.begin(headBytes, bytes, start, end);
  }

  /** Policies look at the head, and may need time for it; meanwhile nothing is read. */
  #relayShaped({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const head: ResponseHead = { status: reader.status, headers: reader.toList(bytes), body: null, isForwarded: true };
    const framing = reader.framing(this.#options.call.method === 'HEAD');
    const { contentLength, isKept } = reader;
    const rest = Buffer.from(bytes.subarray(start, end));
    connection.pause();
    this.#shape(head, () => {
      connection.resume();
      if (head.body !== null) {
        this.#discard({ connection, framing, isKept }, rest);
        this.#sendOwn(head);
        return;
      }
      const clientFraming = this.#answer.framingFor(framing, contentLength, head.status);
      const length = this.#answer.composeListed(head, clientFraming);
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
    const { services } = this.#options;
    const { framing, connection } = answer;
    this.#forwarding?.finished();
    const isShort = framing === null || (framing.kind === 'length' && framing.bytes <= services.limits.drainLimitBytes);
    if (!isShort) connection.destroy();
    else new AnswerRelay({ services, ...answer, rechunks: false, sink: null }).begin(0, rest, 0, rest.length);
  }

  #relayBody(answer: Pick<RelayOptions, 'connection' | 'framing' | 'isKept' | 'rechunks'>): void {
    const { services, body } = this.#options;
    this.#relay = new AnswerRelay({
      services,
      connection: answer.connection,
      framing: answer.framing,
      rechunks: answer.framing !== null && answer.rechunks,
      // A connection on which a request is still being sent is of no use to the next call.
      isKept: answer.isKept && (body === null || body.isComplete),
      sink: this,
    });
  }

  #answerOwn(head: ResponseHead): void {
    this.#shape(head, () => this.#sendOwn(head));
  }

  #sendOwn(head: ResponseHead): void {
    if (this.#answer.writeOwn(head)) this.#end(this.#answer.closes ? 'close' : 'keep');
    else this.#break();
  }

  /** Lets policies change the head of an answer, then goes on. */
  #shape(head: ResponseHead, next: () => void): void {
    const { call } = this.#options;
    try {
      const shaped = andThen(call.program.globalPipeline.response(call, head), () =>
        call.pipeline?.response(call, head),
      );
      const goOn = () => {
        if (!this.#isFinished) next();
      };
      if (shaped instanceof Promise) shaped.then(goOn).catch((cause: unknown) => this.#fail(cause));
      else goOn();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  #switch({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const { call, client, upgrade } = this.#options;
    if (upgrade === null || call.match?.route.allowsUpgrade !== true) {
      this.failed(ownError(engineErrors.upstreamFailed));
      return;
    }
    const rest = Buffer.from(bytes.subarray(start, end));
    this.#answer.writeSwitch(reader, bytes, upgrade);
    this.#forwarding?.finished();
    this.#finish();
    client.switchTo(connection.detach(), rest);
  }

  #stopUpstream(): void {
    this.#forwarding?.abort();
    this.#relay?.abort();
  }

  /** Something has failed that never should: the caller gets 500, or an answer that shows that it is not whole. */
  #fail(cause: unknown): void {
    const { services, call } = this.#options;
    services.metrics.failure(cause, call.requestId);
    this.#stopUpstream();
    if (this.#isFinished) return;
    if (this.#answer.status !== 0) {
      this.#break();
      return;
    }
    call.addedHeaders = null;
    this.#answer.closes = true;
    this.#sendOwn(this.#answer.renderError(ownError(engineErrors.internal)));
  }

  /** The client cannot be given a whole answer any more. */
  #break(): void {
    this.#stopUpstream();
    this.#end('cut');
  }

  #end(end: 'keep' | 'close' | 'cut'): void {
    if (this.#isFinished) return;
    this.#finish();
    this.#options.client.exchangeEnded(end);
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { services, call, body } = this.#options;
    const { status, ownBytes } = this.#answer;
    const forwardedAt = this.#forwardedAt === 0 ? this.#startedAt : this.#forwardedAt;
    const outcome: Outcome = {
      status: status === 0 ? 499 : status,
      billable: this.#billable,
      bytesIn: body?.transferredBytes ?? 0,
      bytesOut: ownBytes + (this.#relay?.transferredBytes ?? 0),
      latencyUs: toMicroseconds(performance.now() - this.#startedAt),
      upstreamLatencyUs: this.#answeredAt === 0 ? 0 : toMicroseconds(this.#answeredAt - forwardedAt),
      node: this.#node,
    };
    this.#count(outcome);
    try {
      call.program.globalPipeline.log(call, outcome);
      call.pipeline?.log(call, outcome);
    } catch (cause) {
      services.metrics.failure(cause, call.requestId);
    }
  }

  #count(outcome: Outcome): void {
    const { services, call } = this.#options;
    const endedAt = services.now();
    settleQuota(call, outcome.billable, endedAt);
    services.ledger.record({
      endedAt,
      groupId: call.groupId,
      tenantId: call.program.settings.tenantId,
      routeId: call.route?.id ?? noRoute,
      consumer: call.caller?.consumerId ?? null,
      status: outcome.status,
      billable: outcome.billable,
      latencyUs: outcome.latencyUs,
      bytesIn: outcome.bytesIn,
      bytesOut: outcome.bytesOut,
    });
  }
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
