import { type ClientHttp2Stream, constants } from 'node:http2';
import type { UpstreamChannel, UpstreamFailure, UpstreamUser } from '../exchange/upstream-channel.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { RequestHeadParts } from '../http1/request-head.ts';
import { passedTrailers } from '../http1/trailers.ts';
import type { Deadlines, Perishable } from '../sockets/deadlines.ts';
import type { Scratch } from '../sockets/scratch.ts';
import { isGrpcType } from './grpc-status.ts';
import { requestHeaders } from './request-headers.ts';
import { sendTrailers } from './send-trailers.ts';
import { breakOff, isWhole } from './stream-end.ts';
import { StreamHead } from './upstream-head.ts';
import type { UpstreamSession } from './upstream-session.ts';

/** What streams to upstreams work with. */
export interface UpstreamStreamServices {
  readonly deadlines: Deadlines;
  readonly scratch: Scratch;
}

const nothing = Buffer.alloc(0);

/** A stream of a connection to a node: carries one call. */
export class UpstreamStream implements UpstreamChannel, Perishable {
  deadlineMs = Infinity;
  readonly isReused: boolean;
  readonly #session: UpstreamSession;
  readonly #services: UpstreamStreamServices;
  #stream: ClientHttp2Stream | null = null;
  #user: UpstreamUser | null = null;
  #readMs = 0;
  #sendMs = 0;
  #hasHead = false;
  /** Of the content's length, when the head tells it. */
  #bytesLeft: number | null = null;
  #hasEnded = false;
  #isPaused = false;
  #isClosed = false;
  #trailers: HeaderList | null = null;
  /** How it failed while nobody wanted to read; told when they do. */
  #heldFailure: UpstreamFailure | null = null;

  /** Takes a place in the session, which is given back when the stream is closed. */
  constructor(session: UpstreamSession, services: UpstreamStreamServices) {
    this.#session = session;
    this.#services = services;
    this.isReused = session.hasServed;
  }

  begin(user: UpstreamUser, { readMs, sendMs }: { readMs: number; sendMs: number }): void {
    this.#user = user;
    this.#readMs = readMs;
    this.#sendMs = sendMs;
    this.deadlineMs = this.#services.deadlines.in(readMs);
    this.#services.deadlines.watch(this);
  }

  startRequest(parts: RequestHeadParts, host: string): number {
    const headers = requestHeaders(parts, { scheme: this.#session.scheme, host });
    if (headers === null) return -1;
    const { body } = parts;
    body?.leaveUnframed();
    const endStream = body === null || body.isComplete;
    const waitForTrailers = !endStream && mayTrail(parts);
    let stream: ClientHttp2Stream | null;
    try {
      stream = this.#session.request(headers, { endStream, waitForTrailers });
    } catch {
      return -1;
    }
    if (stream === null) {
      // The connection has gone, or cannot be used for this: the place in it was taken in vain.
      process.nextTick(() => this.#fail('refused'));
      return 0;
    }
    this.#listen(stream);
    if (waitForTrailers) stream.once('wantTrailers', () => sendTrailers(stream, body?.trailers ?? null));
    return 0;
  }

  write(length: number, isLast: boolean): boolean {
    const stream = this.#stream;
    if (stream === null || stream.destroyed || stream.writableEnded) return true;
    const isTaken = length === 0 || stream.write(Buffer.from(this.#services.scratch.view(length)));
    if (isLast) stream.end();
    if (!this.#isPaused) this.deadlineMs = this.#services.deadlines.in(isTaken ? this.#readMs : this.#sendMs);
    return isTaken;
  }

  handTo(user: UpstreamUser): void {
    this.#user = user;
  }

  pause(): void {
    this.#isPaused = true;
    this.deadlineMs = Infinity;
    this.#stream?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    const failure = this.#heldFailure;
    if (failure !== null) process.nextTick(() => this.#fail(failure));
    else this.#stream?.resume();
  }

  release(): void {
    this.destroy();
  }

  detach(): null {
    return null;
  }

  /** Frees the stream; one that has not come to its end is cancelled. */
  destroy(): void {
    const stream = this.#stream;
    this.#user = null;
    this.#services.deadlines.forget(this);
    if (stream === null) {
      this.#giveBack();
    } else if (!stream.writableEnded) {
      if (this.#hasEnded) stream.destroy();
      else breakOff(stream);
    } else if (!this.#hasEnded) {
      stream.close(constants.NGHTTP2_CANCEL);
    }
  }

  onDeadline(): void {
    this.#fail('timeout');
  }

  #listen(stream: ClientHttp2Stream): void {
    this.#stream = stream;
    stream.on('response', (_headers, flags, raw?: string[]) => this.#onHead(raw ?? [], flags));
    stream.on('headers', (_headers, _flags, raw?: string[]) => this.#onInterim(raw ?? []));
    stream.on('trailers', (_headers, _flags, raw?: string[]) => {
      this.#trailers = passedTrailers(raw ?? []);
    });
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('end', () => this.#onEnd(stream));
    stream.on('drain', () => this.#onDrain());
    stream.on('error', () => undefined);
    stream.on('close', () => this.#onClose(stream));
  }

  #onHead(raw: readonly string[], flags: number): void {
    this.#session.hasServed = true;
    const head = new StreamHead(raw, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0);
    if (!(head.status >= 200 && head.status <= 599)) {
      this.#fail('malformed');
      return;
    }
    this.#hasHead = true;
    this.#bytesLeft = head.contentLength;
    this.#hasEnded = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    this.#user?.onAnswer(head, nothing, 0, 0);
  }

  #onInterim(raw: readonly string[]): void {
    const head = new StreamHead(raw, false);
    if (head.status > 101 && head.status < 200) this.#user?.onInterim(head, nothing);
  }

  #onData(chunk: Buffer): void {
    if (!this.#isPaused) this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    if (this.#bytesLeft !== null) this.#bytesLeft -= chunk.length;
    this.#user?.onAnswerBytes(chunk, 0, chunk.length);
  }

  #onEnd(stream: ClientHttp2Stream): void {
    const isShort = this.#bytesLeft !== null && this.#bytesLeft !== 0;
    if (!this.#hasHead || isShort || !isWhole(stream)) return;
    this.#hasEnded = true;
    this.#user?.onAnswerEnded(this.#trailers);
  }

  #onDrain(): void {
    if (!this.#isPaused) this.deadlineMs = this.#services.deadlines.in(this.#readMs);
    this.#user?.onUpstreamWritten();
  }

  #onClose(stream: ClientHttp2Stream): void {
    this.#giveBack();
    if (this.#hasEnded) return;
    this.#fail(this.#failureOf(stream.rstCode));
  }

  #failureOf(code: number): UpstreamFailure {
    if (this.#hasHead) return 'reset';
    if (code === constants.NGHTTP2_REFUSED_STREAM) return 'refused';
    return this.#session.isGone ? 'closed' : 'reset';
  }

  #fail(reason: UpstreamFailure): void {
    if (this.#isPaused) {
      this.#heldFailure = reason;
      return;
    }
    const user = this.#user;
    this.destroy();
    user?.onUpstreamFailed(reason);
  }

  #giveBack(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#services.deadlines.forget(this);
    this.#session.streamClosed();
  }
}

/** Whether trailers can follow a request. Waiting for them costs a turn and a frame, and requests of gRPC have none by its definition. */
function mayTrail({ body, call }: RequestHeadParts): boolean {
  return body?.mayTrail === true && !isGrpcType(call.block.header('content-type') ?? '');
}
