import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import type { RequestBody } from '../http1/request-body.ts';
import type { Scratch } from '../sockets/scratch.ts';

/** What becomes of a body that is collected; exactly one of the two is called, once. */
export interface CollectEvents {
  done(body: Buffer): void;
  failed(error: ErrorDefinition): void;
}

/** Reads a request's body to its end, within a bound, for policies that look at it as a whole. */
export class RequestCollector {
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(
    private readonly body: RequestBody,
    private readonly options: { readonly scratch: Scratch; readonly limitBytes: number },
    private readonly events: CollectEvents,
  ) {}

  /** Begins with what has come already. */
  start(): void {
    this.body.leaveUnframed();
    if (this.body.bytes !== null && this.body.bytes > this.options.limitBytes) {
      this.events.failed(engineErrors.bodyTooLarge);
      return;
    }
    this.take();
    if (!this.body.isComplete && this.body.fault === null) this.body.unblock();
  }

  /** More has come. */
  take(): void {
    const { scratch, limitBytes } = this.options;
    const length = this.body.moveTo(scratch.bytes, 0);
    if (this.body.fault !== null) {
      this.events.failed(this.body.fault);
      return;
    }
    if (length > 0) this.#parts.push(Buffer.from(scratch.bytes.subarray(0, length)));
    this.#length += length;
    if (this.#length > limitBytes) this.events.failed(engineErrors.bodyTooLarge);
    else if (this.body.isComplete) this.events.done(Buffer.concat(this.#parts, this.#length));
  }
}
