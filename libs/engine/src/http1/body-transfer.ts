import type { HeaderList } from '../execute/header-list.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { parseTrailers, writeTrailers } from './trailers.ts';
import { writeAscii } from './write.ts';

/** How the end of a body is known: a length, the chunked coding, or (answers only) the end of the connection. */
export type BodyFraming =
  { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' | 'until-close' };

/** Room that a chunk's framing takes around its data: up to eight digits and two line ends. */
export const chunkOverhead = 12;
const sizeBytes = 10;

/**
 * Passes a body from one connection to the other: takes it out of the framing it came in and puts it into the one it leaves in. Chunks are
 * always made anew, so what another server might read differently never passes.
 */
export class BodyTransfer {
  /** Bytes of content so far. */
  transferred = 0;
  /** How far the latest {@link move} has read its source. */
  position = 0;
  isComplete: boolean;
  /** Trailers leave behind the last chunk. */
  passesTrailers = false;
  readonly #decoder: ChunkedDecoder | null;
  #rechunks: boolean;
  #left: number;
  /** What {@link finish} was told. */
  #given: HeaderList | null = null;

  /** @param rechunks whether the body leaves in the chunked coding. */
  constructor(framing: BodyFraming, rechunks: boolean) {
    this.#decoder = framing.kind === 'chunked' ? new ChunkedDecoder() : null;
    this.#left = framing.kind === 'length' ? framing.bytes : Infinity;
    this.#rechunks = rechunks;
    this.isComplete = this.#left === 0;
  }

  /** What stood behind the content, as far as it is passed on. */
  get trailers(): HeaderList | null {
    const text = this.#decoder === null ? '' : this.#decoder.trailerText;
    return text === '' ? this.#given : parseTrailers(text);
  }

  /** Bytes of content still to come when that is known. */
  get leftBytes(): number | null {
    return Number.isFinite(this.#left) ? this.#left : null;
  }

  /**
   * Writes what `source` holds of the body to `target` at `offset`, ready to be sent.
   * @param end at most one read behind `start`.
   * @returns the offset behind it, or −1 when the framing is broken.
   */
  move(source: Buffer, start: number, end: number, target: Buffer, offset: number): number {
    const dataStart = this.#rechunks ? offset + sizeBytes : offset;
    const dataEnd = this.#unframe(source, start, end, target, dataStart);
    if (dataEnd < 0) return -1;
    this.transferred += dataEnd - dataStart;
    if (!this.#rechunks) return dataEnd;
    const to = dataEnd === dataStart ? offset : frameChunk(target, offset, dataStart, dataEnd);
    return this.isComplete ? this.finish(target, to, this.passesTrailers ? this.trailers : null) : to;
  }

  /** The connection, or stream, has ended: the end of a body that lasts until then. @returns the offset behind what is to be sent. */
  finish(target: Buffer, offset: number, trailers: HeaderList | null = null): number {
    this.isComplete = true;
    this.#left = 0;
    this.#given = trailers;
    if (!this.#rechunks) return offset;
    return trailers === null
      ? writeAscii(target, offset, '0\r\n\r\n')
      : writeTrailers(target, writeAscii(target, offset, '0\r\n'), trailers);
  }

  /** The body leaves where messages are framed otherwise: nothing of the chunked coding is written from now on. */
  leaveUnframed(): void {
    this.#rechunks = false;
  }

  #unframe(source: Buffer, start: number, end: number, target: Buffer, offset: number): number {
    if (this.#decoder !== null) {
      const to = this.#decoder.decode(source, start, end, target, offset);
      this.position = this.#decoder.position;
      this.isComplete = this.#decoder.isComplete;
      return to;
    }
    const count = Math.min(this.#left, end - start);
    source.copy(target, offset, start, start + count);
    this.#left -= count;
    this.position = start + count;
    this.isComplete = this.#left === 0;
    return offset + count;
  }
}

/** Writes the size before and the line end behind data that stands in place, and closes the gap that short sizes leave. */
function frameChunk(target: Buffer, offset: number, dataStart: number, dataEnd: number): number {
  const to = writeAscii(target, offset, `${(dataEnd - dataStart).toString(16)}\r\n`);
  target.copyWithin(to, dataStart, dataEnd);
  return writeAscii(target, to + (dataEnd - dataStart), '\r\n');
}
