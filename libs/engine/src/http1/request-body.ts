import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import type { ForwardedBody } from '../exchange/forwarded-body.ts';
import type { HeaderList } from '../execute/header-list.ts';
import { type BodyFraming, BodyTransfer } from './body-transfer.ts';

/** The client's side of a request body. */
export interface BodySource {
  /**
   * Moves what has arrived of the body to `target` at `offset`.
   * @returns the offset behind it, or −1 when the framing is broken.
   */
  moveBody(transfer: BodyTransfer, target: Buffer, offset: number): number;
  /** Stops or goes on reading from the client. */
  holdBody(isHeld: boolean): void;
}

/** A request's body on its way from the client, no faster than the upstream takes it. */
export class RequestBody implements ForwardedBody {
  /** Why it cannot be passed on; null while it can. */
  fault: ErrorDefinition | null = null;
  /** True once a byte has been used up: from then on the body cannot be sent to another node. */
  hasBegun = false;
  /** What Content-Length says; null without. */
  readonly bytes: number | null;
  readonly mayTrail: boolean;
  readonly #transfer: BodyTransfer;
  readonly #source: BodySource;
  readonly #limitBytes: number;

  /** @param toldBytes length that is told of a body that ends otherwise; null when none is. */
  constructor(
    framing: BodyFraming,
    { source, limitBytes, toldBytes = null }: { source: BodySource; limitBytes: number; toldBytes?: number | null },
  ) {
    this.bytes = framing.kind === 'length' ? framing.bytes : toldBytes;
    this.mayTrail = framing.kind !== 'length';
    this.#transfer = new BodyTransfer(framing, this.bytes === null);
    this.#transfer.passesTrailers = true;
    this.#source = source;
    this.#limitBytes = limitBytes;
  }

  get isDeclaredTooLarge(): boolean {
    return this.bytes !== null && this.bytes > this.#limitBytes;
  }

  get isComplete(): boolean {
    return this.#transfer.isComplete;
  }

  get trailers(): HeaderList | null {
    return this.#transfer.trailers;
  }

  /** Bytes of content that came from the client so far. */
  get transferredBytes(): number {
    return this.#transfer.transferred;
  }

  /** Bytes still to come; null when that is unknown. */
  get leftBytes(): number | null {
    return this.#transfer.leftBytes;
  }

  /** Moves what has arrived to `target` at `offset`, framed to be sent; sets {@link fault} instead where that cannot be. */
  moveTo(target: Buffer, offset: number): number {
    const end = this.#source.moveBody(this.#transfer, target, offset);
    if (end !== offset) this.hasBegun = true;
    if (end < 0) this.fault = engineErrors.badRequest;
    else if (this.#transfer.transferred > this.#limitBytes) this.fault = engineErrors.bodyTooLarge;
    return this.fault === null ? end : offset;
  }

  /** The body goes where messages are framed otherwise: only its content is moved. */
  leaveUnframed(): void {
    this.#transfer.leaveUnframed();
  }

  restart(): void {
    // What has been used up cannot come again; see hasBegun.
  }

  block(): void {
    this.#source.holdBody(true);
  }

  unblock(): void {
    this.#source.holdBody(false);
  }
}
