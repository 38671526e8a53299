import { readBytes } from '../sockets/scratch.ts';
import type { ForwardedBody } from './forwarded-body.ts';

/** A request's body in memory, after policies have looked at it as a whole. It can be sent again to another node. */
export class HeldBody implements ForwardedBody {
  readonly bytes: number;
  readonly fault = null;
  readonly hasBegun = false;
  /** What was said of a body does not hold for what policies have made of it. */
  readonly mayTrail = false;
  readonly trailers = null;
  readonly #content: Buffer;
  readonly #more: () => void;
  #position = 0;
  #isBlocked = false;

  /** @param more has the next part moved, as long as the node takes it. */
  constructor(content: Buffer, more: () => void) {
    this.#content = content;
    this.#more = more;
    this.bytes = content.length;
  }

  get isComplete(): boolean {
    return this.#position === this.#content.length;
  }

  moveTo(target: Buffer, offset: number): number {
    const end = Math.min(this.#content.length, this.#position + readBytes);
    const moved = this.#content.copy(target, offset, this.#position, end);
    this.#position = end;
    return offset + moved;
  }

  leaveUnframed(): void {
    // It has no framing of its own.
  }

  restart(): void {
    this.#position = 0;
    this.#isBlocked = false;
  }

  block(): void {
    this.#isBlocked = true;
  }

  unblock(): void {
    this.#isBlocked = false;
    while (!this.isComplete && !this.#isBlocked) {
      const before = this.#position;
      this.#more();
      // Nobody takes it any more.
      if (this.#position === before) return;
    }
  }
}
