/** Some bytes that all workers of a data plane see; zero when they are taken. */
export interface SharedPiece {
  readonly buffer: SharedArrayBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** Pieces by name, as they are sent to workers. */
export type SharedPieces = ReadonlyMap<string, SharedPiece>;

/** A piece that nobody will find any more, though somebody may still hold it. */
interface RetiredPiece {
  readonly piece: SharedPiece;
  readonly retiredAt: number;
  readonly isUnused: () => boolean;
}

/** Small pieces are cut from blocks of this size. */
const blockBytes = 64 * 1024;
const largestCutBytes = 4096;
/** A line of the processor's cache: pieces do not share one, so their counters do not slow each other down. */
const alignment = 64;
/** Every worker has a change long before, or is replaced. */
const quarantineMs = 60_000;

/**
 * The memory that the counters of one gateway group live in. It belongs to the data plane and not to a worker, so counts are exact over all
 * workers and outlive each of them. The primary takes pieces while it compiles; workers adopt them under the same names before they compile
 * the same change.
 */
export class SharedMemory {
  readonly #pieces = new Map<string, SharedPiece>();
  readonly #retired = new Map<number, RetiredPiece[]>();
  #news = new Map<string, SharedPiece>();
  #block: SharedArrayBuffer | null = null;
  #blockUsed = 0;

  /** @param isPrimary false where pieces are only adopted. */
  constructor(private readonly isPrimary = true) {}

  /**
   * The piece of that name; made when there is none yet. Whoever uses a name always asks for the same size.
   * @throws Error where it should have been adopted: a counter of one worker's own would be wrong and nobody would know.
   */
  take(name: string, bytes: number): SharedPiece {
    const known = this.#pieces.get(name);
    if (known !== undefined) return known;
    if (!this.isPrimary) throw new Error(`the primary has no memory for "${name}"`);
    const size = Math.ceil(bytes / alignment) * alignment;
    const piece = this.#reuse(size) ?? this.#cut(size);
    this.#pieces.set(name, piece);
    this.#news.set(name, piece);
    return piece;
  }

  /** Forgets a name. Its bytes are used again after a while, once `isUnused` says that nobody works with them. */
  retire(name: string, isUnused: () => boolean): void {
    const piece = this.#pieces.get(name);
    if (piece === undefined) return;
    this.#pieces.delete(name);
    this.#news.delete(name);
    const retired = { piece, retiredAt: performance.now(), isUnused };
    const ofSize = this.#retired.get(piece.bytes);
    if (ofSize === undefined) this.#retired.set(piece.bytes, [retired]);
    else ofSize.push(retired);
  }

  /** Forgets a name whose bytes are another one's to use again. */
  forget(name: string): void {
    this.#pieces.delete(name);
    this.#news.delete(name);
  }

  /** Takes over pieces that were made elsewhere. */
  adopt(pieces: SharedPieces): void {
    for (const [name, piece] of pieces) this.#pieces.set(name, piece);
  }

  /** What was taken since the last time. */
  takeNews(): SharedPieces {
    const news = this.#news;
    this.#news = new Map();
    return news;
  }

  all(): SharedPieces {
    return this.#pieces;
  }

  #cut(bytes: number): SharedPiece {
    if (bytes > largestCutBytes) return { buffer: new SharedArrayBuffer(bytes), offset: 0, bytes };
    if (this.#block === null || this.#blockUsed + bytes > blockBytes) {
      this.#block = new SharedArrayBuffer(blockBytes);
      this.#blockUsed = 0;
    }
    const offset = this.#blockUsed;
    this.#blockUsed += bytes;
    return { buffer: this.#block, offset, bytes };
  }

  #reuse(bytes: number): SharedPiece | null {
    const ofSize = this.#retired.get(bytes);
    const first = ofSize?.[0];
    if (ofSize === undefined || first === undefined) return null;
    if (performance.now() - first.retiredAt < quarantineMs) return null;
    ofSize.shift();
    if (!first.isUnused()) {
      ofSize.push(first);
      return null;
    }
    const { buffer, offset } = first.piece;
    new Uint8Array(buffer, offset, bytes).fill(0);
    return first.piece;
  }
}
