/** One read from a socket. */
export const readBytes = 64 * 1024;
/** A composed head and one read's worth of body, with room for chunk framing. */
const scratchBytes = readBytes + 96 * 1024;
/** Views up to this length are kept: making one costs more than writing a short message. */
const keptViews = 4096;
/** Buffers that a slow peer has given back, kept for the next one. */
const keptSpares = 16;

/**
 * The buffer in which every message is composed before it is written. A write that the kernel does not take at once keeps the memory;
 * then the next message is composed in another buffer.
 */
export class Scratch {
  bytes: Buffer = Buffer.allocUnsafeSlow(scratchBytes);
  /** Every socket reads into this one buffer, because callbacks are synchronous. */
  readonly readBuffer: Buffer = Buffer.allocUnsafeSlow(readBytes);
  readonly #spares: Buffer[] = [];
  #views = new Array<Uint8Array | undefined>(keptViews).fill(undefined);

  /** The first bytes of the buffer as something that can be handed to the kernel. */
  view(length: number): Uint8Array {
    if (length >= keptViews) return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset, length);
    return (this.#views[length] ??= new Uint8Array(this.bytes.buffer, this.bytes.byteOffset, length));
  }

  /** Leaves the present buffer to a write that is under way and returns it; {@link giveBack} ends that. */
  leave(): Buffer {
    const left = this.bytes;
    this.bytes = this.#spares.pop() ?? Buffer.allocUnsafeSlow(scratchBytes);
    this.#views = new Array<Uint8Array | undefined>(keptViews).fill(undefined);
    return left;
  }

  giveBack(bytes: Buffer): void {
    if (this.#spares.length < keptSpares) this.#spares.push(bytes);
  }
}
