import type { ClientRequest, IncomingMessage } from 'node:http';

/** Why a request body could not be passed on. */
export type BodyFault = 'too-large' | 'stalled';

/** Bounds of one request body. */
export interface BodyBounds {
  readonly limitBytes: number;
  /** Longest time without a byte from the client, in milliseconds. */
  readonly stallMs: number;
}

/** Passes a request's body on to one upstream request, no faster than the upstream takes it. */
export class RequestBody {
  readonly isPresent: boolean;
  readonly declaredBytes: number | null;
  #passedBytes = 0;
  #hasBegun = false;
  #isStalled = false;
  #stall: NodeJS.Timeout | undefined;

  constructor(
    private readonly request: IncomingMessage,
    private readonly bounds: BodyBounds,
  ) {
    const length = request.headers['content-length'];
    const isChunked = request.headers['transfer-encoding'] !== undefined;
    this.declaredBytes = length === undefined ? null : Number(length);
    this.isPresent = isChunked || (this.declaredBytes ?? 0) > 0;
  }

  /** Bytes that came from the client so far. */
  get passedBytes(): number {
    return this.#passedBytes;
  }

  /** True once a byte may have been read: from then on the body cannot be sent to another node. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** True once the client has stopped sending in the middle. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  get isDeclaredTooLarge(): boolean {
    return (this.declaredBytes ?? 0) > this.bounds.limitBytes;
  }

  /** Starts passing on; `onFault` is called at most once, and nothing is passed on after it. */
  pumpTo(upstream: ClientRequest, onFault: (fault: BodyFault) => void): void {
    if (!this.isPresent) {
      upstream.end();
      return;
    }
    this.#hasBegun = true;
    const { request, bounds } = this;
    const stop = (fault: BodyFault) => {
      this.#isStalled = fault === 'stalled';
      this.stop();
      onFault(fault);
    };
    this.#stall = setTimeout(() => stop('stalled'), bounds.stallMs);
    request.on('data', (chunk: Buffer) => {
      this.#passedBytes += chunk.length;
      this.#stall?.refresh();
      if (this.#passedBytes > bounds.limitBytes) stop('too-large');
      else if (!upstream.write(chunk)) this.#pauseUntilDrained(upstream);
    });
    request.once('end', () => {
      clearTimeout(this.#stall);
      upstream.end();
    });
  }

  /** Ends passing on; what still comes is dropped by Node when the answer is done. */
  stop(): void {
    clearTimeout(this.#stall);
    this.request.removeAllListeners('data');
    this.request.removeAllListeners('end');
  }

  #pauseUntilDrained(upstream: ClientRequest): void {
    this.request.pause();
    clearTimeout(this.#stall);
    upstream.once('drain', () => {
      this.#stall?.refresh();
      this.request.resume();
    });
  }
}
