import { noRoute } from '@tollgate/contracts/dataplane';
import { engineErrors } from '../engine.errors.ts';
import type { CallState } from '../execute/call-state.ts';
import { HeaderList } from '../execute/header-list.ts';
import { decide } from '../execute/inbound.ts';
import { type OwnError, ownError, renderError } from '../execute/own-answer.ts';
import { andThen, type Eventual, type Outcome, type ResponseHead, type Verdict } from '../policy/call.ts';
import type { Socket } from '../sockets/socket.ts';
import { type AnswerFraming, type AnswerTail, writeForwardedHead, writeListedHead } from './answer-head.ts';
import { AnswerRelay, type AnswerSink } from './answer-relay.ts';
import type { BodyFraming } from './body-transfer.ts';
import { type ForwardedAnswer, type ForwardEvents, Forwarding } from './forwarding.ts';
import type { RequestBody } from './request-body.ts';
import type { ResponseReader } from './response-reader.ts';
import type { HttpServices } from './services.ts';
import { writeAscii } from './write.ts';

/** The client's connection, as a call sees it. */
export interface ExchangeClient {
  /** Writes what stands in the scratch buffer; false when the client is slower. */
  write(length: number): boolean;
  /** The fields of the request as they go to an upstream. */
  forwardedSection(call: CallState): Buffer;
  /** The client may send another request after this one. */
  readonly mayKeep: boolean;
  /** The answer is out, or never will be whole (`cut`); `keep` = the next request may come. */
  exchangeEnded(end: 'keep' | 'close' | 'cut'): void;
  /** Another protocol is spoken from now on. */
  switchTo(upstream: Socket, firstBytes: Buffer): void;
}

/** What a call works with. */
export interface ExchangeOptions {
  readonly services: HttpServices;
  readonly call: CallState;
  readonly client: ExchangeClient;
  readonly body: RequestBody | null;
  /** The minor version of HTTP/1 that the client speaks. */
  readonly minorVersion: number;
  readonly upgrade: string | null;
  readonly awaitsContinue: boolean;
}

/** One call from its checked head to its entry in the ledger. */
export class Exchange implements ForwardEvents, AnswerSink {
  readonly #options: ExchangeOptions;
  readonly #startedAt = performance.now();
  #forwarding: Forwarding | null = null;
  #relay: AnswerRelay | null = null;
  #upstreamStartedAt = 0;
  #upstreamLatencyUs = 0;
  #node: string | null = null;
  #billable = false;
  #ownBytes = 0;
  /** Of the answer's head; 0 while it has not been sent. */
  #status = 0;
  #closes = false;
  #isFinished = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Runs the call, or only answers with the verdict given. */
  start(early?: Verdict): void {
    const { call, body } = this.#options;
    try {
      const tooLarge = body?.isDeclaredTooLarge === true ? call.reject(engineErrors.bodyTooLarge) : undefined;
      const decided = early ?? tooLarge ?? decide(call);
      if (decided instanceof Promise) {
        decided.then((verdict) => this.#proceed(verdict)).catch((cause: unknown) => this.#fail(cause));
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

  /** The client stopped sending in the middle of its body. */
  onBodyStalled(): void {
    if (this.#status !== 0) this.abandon();
    else this.failed(ownError(engineErrors.requestTimeout));
  }

  /** The client's connection is gone: nothing more can be sent, and the call counts as it stands. */
  abandon(): void {
    this.#stopUpstream();
    this.#finish();
  }

  sent(): void {
    this.#billable = true;
    const { awaitsContinue, body, client, services } = this.#options;
    if (!awaitsContinue || body === null || body.hasBegun || this.#status !== 0) return;
    client.write(writeAscii(services.scratch.bytes, 0, 'HTTP/1.1 100 Continue\r\n\r\n'));
  }

  interim(reader: ResponseReader, bytes: Buffer): void {
    const { call, client, minorVersion, services } = this.#options;
    // 100 answers an Expect that the gateway has dealt with itself; HTTP/1.0 knows no interim answers.
    if (reader.status === 100 || minorVersion === 0 || this.#status !== 0) return;
    const tail: AnswerTail = { requestId: call.requestId, dateLine: '', framing: { kind: 'none' }, connection: null };
    client.write(writeForwardedHead(services.scratch.bytes, { reader, bytes, added: null, tail }));
  }

  answered(answer: ForwardedAnswer): void {
    if (this.#isFinished) return;
    const { reader } = answer;
    this.#upstreamLatencyUs = microsecondsSince(this.#upstreamStartedAt);
    this.#node = answer.node.name;
    if (reader.status === 101) {
      this.#switch(answer);
      return;
    }
    const { call } = this.#options;
    const looksAtAnswers = call.program.globalPipeline.looksAtAnswers || call.pipeline?.looksAtAnswers === true;
    if (looksAtAnswers) this.#relayShaped(answer);
    else this.#relayAsItIs(answer);
  }

  failed(error: OwnError): void {
    this.#stopUpstream();
    this.#answerError(error);
  }

  writeAnswer(length: number): boolean {
    return this.#options.client.write(length);
  }

  answerComplete(): void {
    this.#forwarding?.finished();
    this.#finish();
    this.#options.client.exchangeEnded(this.#closes ? 'close' : 'keep');
  }

  answerBroken(): void {
    this.#forwarding?.finished();
    this.#finish();
    this.#options.client.exchangeEnded('cut');
  }

  requestWritten(): void {
    this.#options.body?.unblock();
  }

  #proceed(verdict: Verdict | undefined): void {
    if (this.#isFinished) return;
    if (verdict === undefined) this.#forward();
    else if (verdict.kind === 'reject') this.#answerError(verdict);
    else {
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
      this.#answerError(ownError(engineErrors.noUpstream));
      return;
    }
    this.#upstreamStartedAt = performance.now();
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

  /** The common case: nothing in the answer is looked at, so its bytes are copied. */
  #relayAsItIs({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const { services, call } = this.#options;
    const framing = reader.framing(call.method === 'HEAD');
    const clientFraming = this.#clientFraming(framing, reader.contentLength);
    const tail = this.#tail(clientFraming, reader.hasDate);
    this.#status = reader.status;
    const { isKept } = reader;
    const headBytes = writeForwardedHead(services.scratch.bytes, { reader, bytes, added: call.addedHeaders, tail });
    this.#relay = this.#newRelay({ connection, framing, clientFraming, isKept });
    this.#relay.begin(headBytes, bytes, start, end);
  }

  /** Policies look at the head, and may need time for it; meanwhile nothing is read. */
  #relayShaped({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const { call } = this.#options;
    const head: ResponseHead = { status: reader.status, headers: reader.toList(bytes), body: null, isForwarded: true };
    const framing = reader.framing(call.method === 'HEAD');
    const { contentLength, isKept, hasDate } = reader;
    const rest = Buffer.from(bytes.subarray(start, end));
    connection.pause();
    this.#shape(head, () => {
      connection.resume();
      if (head.body !== null) {
        this.#discard(connection, { framing, isKept, rest });
        this.#sendOwn(head, hasDate);
        return;
      }
      const clientFraming = this.#clientFraming(framing, contentLength);
      this.#status = head.status;
      const length = this.#writeListed(head, this.#tail(clientFraming, hasDate));
      if (length < 0) return;
      this.#relay = this.#newRelay({ connection, framing, clientFraming, isKept });
      this.#relay.begin(length, rest, 0, rest.length);
    });
  }

  /** The upstream's body has been replaced: a short rest is read so that the connection can be kept. */
  #discard(
    connection: ForwardedAnswer['connection'],
    { framing, isKept, rest }: { framing: BodyFraming | null; isKept: boolean; rest: Buffer },
  ): void {
    const { services } = this.#options;
    this.#forwarding?.finished();
    const isShort = framing === null || (framing.kind === 'length' && framing.bytes <= services.limits.drainLimitBytes);
    if (!isShort) connection.destroy();
    else
      new AnswerRelay({ services, connection, framing, rechunks: false, isKept, sink: null }).begin(
        0,
        rest,
        0,
        rest.length,
      );
  }

  #newRelay(answer: {
    connection: ForwardedAnswer['connection'];
    framing: BodyFraming | null;
    clientFraming: AnswerFraming;
    isKept: boolean;
  }): AnswerRelay {
    const { connection, framing, clientFraming, isKept } = answer;
    const { services, body } = this.#options;
    return new AnswerRelay({
      services,
      connection,
      framing,
      rechunks: framing !== null && clientFraming.kind === 'chunked',
      // A connection on which a request is still being sent is of no use to the next call.
      isKept: isKept && (body === null || body.isComplete),
      sink: this,
    });
  }

  #clientFraming(framing: BodyFraming | null, contentLength: number | null): AnswerFraming {
    if (framing === null) {
      // HEAD and 304 tell the length of what they do not send; 204 has none (RFC 9110, 8.6).
      return contentLength === null ? { kind: 'none' } : { kind: 'length', bytes: contentLength };
    }
    if (framing.kind === 'length') return framing;
    return { kind: this.#options.minorVersion === 0 ? 'until-close' : 'chunked' };
  }

  #tail(framing: AnswerFraming, hasDate: boolean): AnswerTail {
    const { services, call, client, minorVersion } = this.#options;
    this.#closes = !client.mayKeep || framing.kind === 'until-close' || !this.#bodyWillEnd();
    return {
      requestId: call.requestId,
      dateLine: hasDate ? '' : services.date.line,
      framing,
      connection: this.#closes ? 'close' : minorVersion === 0 ? 'keep-alive' : null,
    };
  }

  /** Whether what is left of the request's body will be read, so that the next request can be found behind it. */
  #bodyWillEnd(): boolean {
    const { body, services, awaitsContinue } = this.#options;
    if (body === null || body.isComplete) return true;
    if (body.fault !== null || (awaitsContinue && !body.hasBegun)) return false;
    return body.leftBytes !== null && body.leftBytes <= services.limits.drainLimitBytes;
  }

  #answerError(error: OwnError): void {
    this.#answerOwn(this.#renderOwn(error));
  }

  #renderOwn(error: OwnError): ResponseHead {
    const { call, services } = this.#options;
    const { requestId, path, program } = call;
    const format = program.settings.errorFormat;
    const { contentType, body } = renderError(error, { format, requestId, path, docsUrl: services.docsUrl });
    return { status: error.status, headers: new HeaderList(['Content-Type', contentType]), body, isForwarded: false };
  }

  #answerOwn(head: ResponseHead): void {
    if (this.#status !== 0) {
      this.answerBroken();
      return;
    }
    this.#shape(head, () => this.#sendOwn(head, false));
  }

  /** Lets policies change the head of an answer, then goes on. */
  #shape(head: ResponseHead, next: () => void): void {
    const { call } = this.#options;
    try {
      const shaped: Eventual<void> = andThen(call.program.globalPipeline.response(call, head), () =>
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

  #sendOwn(head: ResponseHead, hasDate: boolean): void {
    const { call, client } = this.#options;
    const { status, headers } = head;
    const mayHaveBody = status !== 204 && status !== 304;
    const bytes = Buffer.from(mayHaveBody ? (head.body ?? '') : '');
    for (const name of ['content-length', 'transfer-encoding', 'connection']) headers.remove(name);
    this.#status = status;
    const framing: AnswerFraming = mayHaveBody ? { kind: 'length', bytes: bytes.length } : { kind: 'none' };
    const length = this.#writeListed(head, this.#tail(framing, hasDate || headers.has('date')));
    if (length < 0) return;
    client.write(length);
    if (call.method !== 'HEAD') this.#writeOwnBody(bytes);
    this.#finish();
    client.exchangeEnded(this.#closes ? 'close' : 'keep');
  }

  #writeOwnBody(bytes: Buffer): void {
    const { client, services } = this.#options;
    const piece = 64 * 1024;
    this.#ownBytes = bytes.length;
    for (let at = 0; at < bytes.length; at += piece) {
      const count = bytes.copy(services.scratch.bytes, 0, at, Math.min(bytes.length, at + piece));
      client.write(count);
    }
  }

  /** Writes a head that is a list; one that cannot be sent cuts the connection, and is a failure. */
  #writeListed(head: ResponseHead, tail: AnswerTail): number {
    const { call, services } = this.#options;
    if (call.addedHeaders !== null) head.headers.replaceWith(call.addedHeaders);
    const { status, headers } = head;
    const length = writeListedHead(services.scratch.bytes, { status, headers, tail });
    if (length < 0) {
      services.metrics.failure(new Error('the head of the answer became too long'), call.requestId);
      this.abandon();
      this.#options.client.exchangeEnded('cut');
    }
    return length;
  }

  #switch({ connection, reader, bytes, start, end }: ForwardedAnswer): void {
    const { call, client, services, upgrade } = this.#options;
    if (upgrade === null || call.match?.route.allowsUpgrade !== true) {
      this.failed(ownError(engineErrors.upstreamFailed));
      return;
    }
    this.#status = 101;
    const headers = reader.toList(bytes);
    headers.set('X-Request-Id', call.requestId);
    headers.set('Connection', 'Upgrade');
    headers.set('Upgrade', reader.upgrade ?? upgrade);
    const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const rest = Buffer.from(bytes.subarray(start, end));
    client.write(writeAscii(services.scratch.bytes, 0, `HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`));
    this.#forwarding?.finished();
    this.#finish();
    client.switchTo(connection.detach(), rest);
  }

  #stopUpstream(): void {
    this.#forwarding?.abort();
    this.#relay?.abort();
  }

  #fail(cause: unknown): void {
    const { services, call, client } = this.#options;
    services.metrics.failure(cause, call.requestId);
    this.#stopUpstream();
    if (this.#isFinished) return;
    if (this.#status !== 0) {
      this.answerBroken();
      return;
    }
    call.addedHeaders = null;
    const head = this.#renderOwn(ownError(engineErrors.internal));
    const { headers } = head;
    const bytes = Buffer.from(head.body ?? '');
    this.#status = head.status;
    const tail = { ...this.#tail({ kind: 'length', bytes: bytes.length }, false), connection: 'close' as const };
    client.write(writeListedHead(services.scratch.bytes, { status: head.status, headers, tail }));
    if (call.method !== 'HEAD') this.#writeOwnBody(bytes);
    this.#finish();
    client.exchangeEnded('close');
  }

  #finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const { services, call, body } = this.#options;
    const outcome: Outcome = {
      status: this.#status === 0 ? 499 : this.#status,
      billable: this.#billable,
      bytesIn: body?.transferredBytes ?? 0,
      bytesOut: this.#ownBytes + (this.#relay?.transferredBytes ?? 0),
      latencyUs: microsecondsSince(this.#startedAt),
      upstreamLatencyUs: this.#upstreamLatencyUs,
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
    services.ledger.record({
      endedAt: services.now(),
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

function microsecondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000);
}
