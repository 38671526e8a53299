import type { BodyTransfer } from '../http1/body-transfer.ts';
import { readBytes } from '../sockets/scratch.ts';

/** What has arrived of a stream's body and is not used up; bounded by the stream's window, because reading stops while something waits. */
export class QueuedChunks {
  /** Bytes that wait. */
  length = 0;
  /** Nothing comes behind what waits. */
  hasEnded = false;
  /** Grows with everything that is used up. */
  progress = 0;
  readonly #chunks: Buffer[] = [];
  /** How much of the first chunk has been used up. */
  #position = 0;

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /**
   * Moves what waits to `target` at `offset`, at most one read's worth.
   * @returns the offset behind it, or −1 when there is more than the body may have.
   */
  moveTo(transfer: BodyTransfer, target: Buffer, offset: number): number {
    let at = offset;
    let room = readBytes;
    while (room > 0 && this.#chunks.length > 0) {
      const chunk = this.#chunks[0]!;
      const start = this.#position;
      const end = Math.min(chunk.length, start + room);
      at = transfer.move(chunk, start, end, target, at);
      const used = transfer.position - start;
      if (at < 0 || used < end - start) return -1;
      room -= used;
      this.length -= used;
      this.progress += used;
      this.#position = end;
      if (end < chunk.length) continue;
      this.#chunks.shift();
      this.#position = 0;
    }
    return at;
  }
}
