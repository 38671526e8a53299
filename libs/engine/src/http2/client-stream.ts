import { constants, type ServerHttp2Stream } from 'node:http2';
import type { CallState } from '../execute/call-state.ts';
import type { HeaderList } from '../execute/header-list.ts';
import { Exchange } from '../exchange/exchange.ts';
import type { ExchangeClient } from '../exchange/exchange-client.ts';
import type { BodyTransfer } from '../http1/body-transfer.ts';
import type { ForwardedFields } from '../http1/forwarded-fields.ts';
import { type BodySource, RequestBody } from '../http1/request-body.ts';
import type { HttpServices } from '../http1/services.ts';
import { passedTrailers } from '../http1/trailers.ts';
import type { Verdict } from '../policy/call.ts';
import { QueuedChunks } from './queued-chunks.ts';
import type { StreamRequest } from './read-request.ts';
import { StreamAnswer } from './stream-answer.ts';
import { breakOff, isWhole } from './stream-end.ts';

/** What the streams of a connection work with. */
export interface ClientStreamOptions {
  readonly services: HttpServices;
  readonly forwarded: ForwardedFields;
  /** The stream is gone; `code` is how it ended. */
  readonly closed: (stream: ClientStream, code: number) => void;
}

/** A call, as it came. */
export interface StreamCall {
  readonly stream: ServerHttp2Stream;
  readonly request: StreamRequest;
  readonly call: CallState;
  /** The answer, when it is known already. */
  readonly early: Verdict | undefined;
}

function ignore(): void {
  // What has happened to a stream is told by its end.
}

/** A stream of a client's connection: one call. When that is over, another stream can take its place. */
export class ClientStream implements ExchangeClient, BodySource {
  /** On the clock of the deadlines; the connection looks after it. */
  deadlineMs = Infinity;
  readonly takesInterim = true;
  /** HTTP/2 knows no Upgrade. */
  readonly upgrade = null;
  body: RequestBody | null = null;
  awaitsContinue = false;
  readonly forwarded: ForwardedFields;
  readonly #services: HttpServices;
  readonly #closed: ClientStreamOptions['closed'];
  readonly #answer: StreamAnswer;
  readonly #exchange: Exchange;
  #stream: ServerHttp2Stream | null = null;
  #received = new QueuedChunks();
  /** What has followed the request's body. */
  #trailers: HeaderList | null = null;
  #isWorking = false;
  /** The upstream is slower. */
  #isHeld = false;
  /** The client is slower. */
  #isBlocked = false;
  /** The answer is out, or will never be whole. */
  #isOver = false;

  constructor({ services, forwarded, closed }: ClientStreamOptions) {
    this.#services = services;
    this.#closed = closed;
    this.forwarded = forwarded;
    this.#answer = new StreamAnswer(services);
    this.#exchange = new Exchange(services, this, this.#answer);
  }

  /** Runs a call on a stream that was opened. */
  run({ stream, request, call, early }: StreamCall): void {
    this.#stream = stream;
    this.awaitsContinue = request.expectsContinue;
    this.#isHeld = false;
    this.#isBlocked = false;
    this.#isOver = false;
    this.#answer.writeTo(stream, request.isGrpc);
    stream.on('error', ignore);
    stream.on('close', () => this.#onClose(stream.rstCode));
    this.body = stream.endAfterHeaders ? null : this.#receive(stream, request, call);
    this.#awaitBody();
    this.#exchange.begin(call, early);
  }

  /** Nothing can be sent any more: the call counts as it stands. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#exchange.abandon();
  }

  onDeadline(): void {
    this.deadlineMs = Infinity;
    if (this.#isOver || this.#isBlocked) {
      this.abandon();
      if (this.#stream !== null) breakOff(this.#stream);
    } else if (this.#answer.status === 0) {
      this.#exchange.onBodyStalled();
    }
  }

  moveBody(transfer: BodyTransfer, target: Buffer, offset: number): number {
    const received = this.#received;
    const behind = received.moveTo(transfer, target, offset);
    this.#awaitBody();
    if (behind < 0 || received.length > 0 || !received.hasEnded || transfer.isComplete) return behind;
    return transfer.finish(target, behind, this.#trailers);
  }

  holdBody(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.deadlineMs = Infinity;
    else this.#awaitBody();
    if (isHeld) this.#stream?.pause();
    else this.#work();
  }

  write(length: number): boolean {
    const stream = this.#stream;
    if (length === 0 || stream === null || stream.destroyed || stream.writableEnded) return true;
    const isTaken = stream.write(Buffer.from(this.#services.scratch.view(length)));
    if (!isTaken) {
      if (!this.#isBlocked) stream.once('drain', () => this.#onDrain());
      this.#isBlocked = true;
      this.deadlineMs = this.#in('bodyStallMs');
    }
    return isTaken;
  }

  leaveFields(): void {
    // Each stream has fields of its own.
  }

  exchangeEnded(end: 'keep' | 'close' | 'cut'): void {
    const stream = this.#stream;
    if (this.#isOver || stream === null) return;
    this.#isOver = true;
    if (end === 'cut') {
      breakOff(stream);
      return;
    }
    this.deadlineMs = this.#in('bodyStallMs');
    stream.end();
    if (this.body === null || this.body.isComplete) return;
    // The client need not send the rest (RFC 9113, 8.1).
    stream.close(constants.NGHTTP2_NO_ERROR);
  }

  #receive(stream: ServerHttp2Stream, { contentLength }: StreamRequest, { program }: CallState): RequestBody {
    const received = new QueuedChunks();
    this.#received = received;
    this.#trailers = null;
    stream.on('data', (chunk: Buffer) => {
      received.push(chunk);
      this.#work();
    });
    // These come before the end, which makes the body complete.
    stream.on('trailers', (_headers, _flags, raw?: string[]) => {
      this.#trailers = passedTrailers(raw ?? []);
    });
    stream.on('end', () => {
      if (!isWhole(stream)) return;
      received.hasEnded = true;
      this.#work();
    });
    const limitBytes = program.settings.bodyLimitBytes ?? this.#services.limits.bodyLimitBytes;
    // A length that is told has been held against the frames; the body ends with its stream.
    return new RequestBody({ kind: 'until-close' }, { source: this, limitBytes, toldBytes: contentLength });
  }

  #onClose(code: number): void {
    this.abandon();
    this.#stream = null;
    this.body = null;
    this.#closed(this, code);
  }

  #onDrain(): void {
    this.#isBlocked = false;
    if (this.#isOver) return;
    this.#awaitBody();
    this.#exchange.onClientWritten();
  }

  /** Passes on what has arrived as far as it goes now, and reads no more while some of it waits. */
  #work(): void {
    if (this.#isWorking || this.#isOver) return;
    this.#isWorking = true;
    let before = -1;
    while (!this.#isOver && !this.#isHeld && this.#received.progress !== before && !this.#isUsedUp()) {
      before = this.#received.progress;
      this.#exchange.onBody();
    }
    this.#isWorking = false;
    if (this.#isHeld || this.#received.length > 0) this.#stream?.pause();
    else this.#stream?.resume();
  }

  #isUsedUp(): boolean {
    return this.#received.length === 0 && (!this.#received.hasEnded || this.body?.isComplete !== false);
  }

  /** The client has to go on sending; once an answer has begun it may take its time, as callers of streams do. */
  #awaitBody(): void {
    if (this.#isBlocked || this.#isOver) return;
    const isAwaited = this.body?.isComplete === false && this.#answer.status === 0;
    this.deadlineMs = isAwaited ? this.#in('bodyStallMs') : Infinity;
  }

  #in(limit: 'bodyStallMs'): number {
    return this.#services.deadlines.in(this.#services.limits[limit]);
  }
}
