import { lastingCopy } from '../sockets/lasting-copy.ts';
import { cr, lf } from './characters.ts';

const nothing: Buffer = Buffer.alloc(0);

/**
 * What a connection has received and not used up yet: the socket's own buffer while it is being worked on, which costs nothing, and a copy
 * of the rest afterwards.
 */
export class ReceivedBytes {
  bytes = nothing;
  start = 0;
  end = 0;
  #isBorrowed = false;

  get length(): number {
    return this.end - this.start;
  }

  /** Only the first half of an empty line has come; the other may still. */
  get isHalfALine(): boolean {
    return this.length === 1 && this.bytes[this.start] === cr;
  }

  /** Takes what a socket has read, which is valid until {@link keep}. */
  add(bytes: Buffer, length: number): void {
    if (this.length === 0) {
      this.bytes = bytes;
      this.start = 0;
      this.end = length;
      this.#isBorrowed = true;
      return;
    }
    this.bytes = lastingCopy(this.bytes.subarray(this.start, this.end), bytes.subarray(0, length));
    this.start = 0;
    this.end = this.bytes.length;
    this.#isBorrowed = false;
  }

  /** Copies what is left, because the socket reads into the same buffer again. */
  keep(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    this.bytes = this.length === 0 ? nothing : lastingCopy(this.bytes.subarray(this.start, this.end));
    this.start = 0;
    this.end = this.bytes.length;
  }

  /** Passes over empty lines, as RFC 9112 (2.2) asks servers to do before a request. */
  skipEmptyLines(): void {
    while (this.length >= 2 && this.bytes[this.start] === cr && this.bytes[this.start + 1] === lf) this.start += 2;
  }

  clear(): void {
    this.start = this.end;
  }
}
