import type { Deadlines, Perishable } from './deadlines.ts';
import { lastingCopy } from './lasting-copy.ts';
import { nobody, type Socket, type SocketOwner } from './socket.ts';

/** Why the first bytes of a connection did not come to an end. */
export type FirstBytesFailure = 'too-late' | 'ended';

/** What is to be read, and what becomes of it. */
export interface FirstBytesOptions<T> {
  /** Reads bytes 0 to `length`; bounds what it calls incomplete. */
  readonly read: (bytes: Buffer, length: number) => T | 'incomplete';
  readonly deadlines: Deadlines;
  readonly timeoutMs: number;
  /** The socket has no owner now; `bytes` holds everything that has come, valid until this returns. */
  readonly done: (result: T, bytes: Buffer) => void;
  /** The socket is still open after `too-late`, with `bytes` read from it; after `ended` it is destroyed. */
  readonly failed: (reason: FirstBytesFailure, bytes: Buffer) => void;
}

/** Reads what stands at the beginning of a connection, before its true owner gets it. */
export class FirstBytes<T> implements SocketOwner, Perishable {
  deadlineMs: number;
  #kept: Buffer = noBytes;

  constructor(
    private readonly socket: Socket,
    private readonly options: FirstBytesOptions<T>,
  ) {
    const { deadlines, timeoutMs } = options;
    this.deadlineMs = deadlines.in(timeoutMs);
    deadlines.watch(this);
    socket.owner = this;
    socket.resume();
  }

  /** Closes the connection without a word. */
  cancel(): void {
    this.#leave();
    this.socket.destroy();
  }

  onBytes(bytes: Buffer, length: number): void {
    const all =
      this.#kept.length === 0 ? bytes.subarray(0, length) : Buffer.concat([this.#kept, bytes.subarray(0, length)]);
    const result = this.options.read(all, all.length);
    if (result === 'incomplete') {
      this.#kept = lastingCopy(all);
      return;
    }
    this.#leave();
    this.options.done(result, all);
  }

  onWritten(): void {}

  onEnd(): void {
    this.cancel();
    this.options.failed('ended', this.#kept);
  }

  onClose(): void {
    this.#leave();
    this.options.failed('ended', this.#kept);
  }

  onDeadline(): void {
    this.#leave();
    this.options.failed('too-late', this.#kept);
  }

  #leave(): void {
    this.options.deadlines.forget(this);
    this.socket.owner = nobody;
  }
}

const noBytes = Buffer.alloc(0);

/** Hands bytes that were read ahead to the owner of a socket, as if they came now. */
export function feed(socket: Socket, bytes: Buffer): void {
  if (bytes.length > 0) socket.owner.onBytes(bytes, bytes.length);
}
