import type { HeaderList } from '../execute/header-list.ts';
import { type BodyFraming, BodyTransfer } from '../http1/body-transfer.ts';
import type { HttpServices } from '../http1/services.ts';
import { readBytes } from '../sockets/scratch.ts';
import type { UpstreamChannel, UpstreamFailure, UpstreamUser } from './upstream-channel.ts';

/** Where an answer's body goes. */
export interface AnswerSink {
  /** Writes what stands in the scratch buffer; false when the client is slower. */
  writeAnswer(length: number): boolean;
  /** The body is whole. `trailers`: what stood behind it, if the client takes that. */
  answerComplete(trailers: HeaderList | null): void;
  /** The upstream broke off in the middle, and what the client has is not whole. */
  answerBroken(): void;
  /** The upstream has taken what was written of the request. */
  requestWritten(): void;
}

/** What a relay works with. */
export interface RelayOptions {
  readonly services: HttpServices;
  readonly channel: UpstreamChannel;
  /** Null = no body. */
  readonly framing: BodyFraming | null;
  readonly rechunks: boolean;
  readonly takesTrailers: boolean;
  /** The upstream keeps its connection. */
  readonly isKept: boolean;
  /** Null = the body is read to its end and dropped. */
  readonly sink: AnswerSink | null;
}

const noBody: BodyFraming = { kind: 'length', bytes: 0 };

/** Passes the body of an upstream's answer on to the client, no faster than the client takes it. */
export class AnswerRelay implements UpstreamUser {
  readonly #options: RelayOptions;
  readonly #transfer: BodyTransfer;
  #isOver = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#transfer = new BodyTransfer(options.framing ?? noBody, options.rechunks);
    this.#transfer.passesTrailers = options.takesTrailers;
    options.channel.handTo(this);
  }

  /** Bytes of content so far. */
  get transferredBytes(): number {
    return this.#transfer.transferred;
  }

  /**
   * Sends a head that stands in the scratch buffer together with what has come of the body.
   * @param headBytes 0 = nothing stands there.
   */
  begin(headBytes: number, bytes: Buffer, start: number, end: number): void {
    this.#pass(headBytes, bytes, start, Math.min(end, start + readBytes));
    for (let at = start + readBytes; at < end && !this.#isOver; at += readBytes) {
      this.#pass(0, bytes, at, Math.min(end, at + readBytes));
    }
  }

  /** The client has taken what was written. */
  clientWritten(): void {
    if (!this.#isOver) this.#options.channel.resume();
  }

  /** The client is gone, or nobody wants the rest. */
  abort(): void {
    this.#isOver = true;
    this.#options.channel.destroy();
  }

  onInterim(): void {
    // Heads are over.
  }

  onAnswer(): void {
    // Heads are over.
  }

  onAnswerBytes(bytes: Buffer, start: number, end: number): void {
    this.begin(0, bytes, start, end);
  }

  onUpstreamWritten(): void {
    this.#options.sink?.requestWritten();
  }

  onUpstreamFailed(_reason: UpstreamFailure): void {
    this.#break();
  }

  onAnswerEnded(trailers: HeaderList | null): void {
    if (this.#isOver) return;
    if (this.#options.framing?.kind !== 'until-close') {
      this.#break();
      return;
    }
    const { sink, services, takesTrailers } = this.#options;
    const passed = takesTrailers ? trailers : null;
    const length = this.#transfer.finish(services.scratch.bytes, 0, passed);
    if (length > 0) sink?.writeAnswer(length);
    this.#end(false, passed);
  }

  #pass(headBytes: number, bytes: Buffer, start: number, end: number): void {
    const { sink, channel, services, takesTrailers } = this.#options;
    const length = this.#transfer.move(bytes, start, end, services.scratch.bytes, headBytes);
    if (length < 0) {
      if (headBytes > 0) sink?.writeAnswer(headBytes);
      this.#break();
      return;
    }
    const isComplete = this.#transfer.isComplete;
    const isTaken = length === 0 || sink === null || sink.writeAnswer(length);
    if (isComplete) this.#end(this.#transfer.position === end, takesTrailers ? this.#transfer.trailers : null);
    else if (!isTaken) channel.pause();
  }

  #end(isReusable: boolean, trailers: HeaderList | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { channel, isKept, sink } = this.#options;
    channel.release(isReusable && isKept);
    sink?.answerComplete(trailers);
  }

  #break(): void {
    if (this.#isOver) return;
    this.abort();
    this.#options.sink?.answerBroken();
  }
}
