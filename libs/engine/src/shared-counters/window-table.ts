import { randomBytes } from 'node:crypto';
import { type Hash, hashText } from './key-hash.ts';
import { breakLock, lock, unlock } from './spin-lock.ts';
import type { SharedPiece } from './shared-memory.ts';

/** Windows that a bucket holds; keys whose hash falls into it share them. */
const ways = 16;
const buckets = 2 ** 14;
/** A slot: end of the window (a double), hash of the key (two words), calls used (one), the bucket's lock (one, in its first slot). */
const slotBytes = 24;
const slotWords = slotBytes / 4;
const lowAt = 2;
const highAt = 3;
const usedAt = 4;
const lockAt = 5;
/** Before the slots: whether the table is ready, the seed of its hashes (two words), the lock of whoever makes that. */
const headBytes = 64;
const readyAt = 0;
const seedLockAt = 3;
const headWords = headBytes / 4;
const mostUsed = 0xffff_fffe;

/** Bytes of a table. The system provides memory only for what is used of it. */
export const windowTableBytes = headBytes + ways * buckets * slotBytes;

/** A key whose window can be found; keep it to save the search. */
export interface WindowKey extends Hash {
  readonly text: string;
  /** First word of the slot where it was last. */
  slot: number;
}

/** How much a key may use in how much time. */
export interface WindowTerms {
  readonly limit: number;
  readonly windowMs: number;
}

/**
 * Fixed windows of up to 262,144 keys in memory that workers share: every call is counted once, whichever worker it came to. When a bucket is
 * full the window that ends first makes room. Two keys meet with a probability of 2^-64.
 */
export class WindowTable {
  /** After {@link use}: calls used of the window, and when it ends. */
  used = 0;
  endsAt = 0;
  readonly #words: Int32Array;
  readonly #ends: Float64Array;
  readonly #holder: number;
  readonly #seed: Hash;

  /** @param workerId tells the workers that use the piece apart. */
  constructor({ buffer, offset }: SharedPiece, workerId: number) {
    this.#words = new Int32Array(buffer, offset, windowTableBytes / 4);
    this.#ends = new Float64Array(buffer, offset, windowTableBytes / 8);
    this.#holder = holderOf(workerId);
    this.#seed = seedOf(this.#words, this.#holder);
  }

  /** The seed of a limit's keys: limits with other texts never share a window. */
  seedFor(identity: string): Hash {
    return hashText(identity, this.#seed);
  }

  key(text: string, seed: Hash): WindowKey {
    const { low, high } = hashText(text, seed);
    const bucket = low & (buckets - 1);
    return { text, low, high, slot: headWords + bucket * ways * slotWords };
  }

  /** Uses one call up, unless none is left; a window begins with the first call. Tells whether there was one. */
  use(key: WindowKey, { limit, windowMs }: WindowTerms, now: number): boolean {
    const words = this.#words;
    const bucket = headWords + (key.low & (buckets - 1)) * ways * slotWords;
    lock(words, bucket + lockAt, this.#holder);
    let { slot } = key;
    if (words[slot + lowAt] !== key.low || words[slot + highAt] !== key.high) {
      slot = this.#find(key, bucket, now);
      key.slot = slot;
    }
    let endsAt = this.#ends[slot >> 1]!;
    if (endsAt <= now) {
      // In this order, so that a thread that ends in the middle leaves a window that is over.
      words[slot + usedAt] = 0;
      endsAt = now + windowMs;
      this.#ends[slot >> 1] = endsAt;
    }
    const before = words[slot + usedAt]! >>> 0;
    const isLeft = before < limit && before < mostUsed;
    if (isLeft) words[slot + usedAt] = before + 1;
    unlock(words, bucket + lockAt);
    this.used = isLeft ? before + 1 : before;
    this.endsAt = endsAt;
    return isLeft;
  }

  /** A worker has ended: what it held is free. */
  workerGone(workerId: number): void {
    breakLock(this.#words, seedLockAt, holderOf(workerId));
    for (let bucket = 0; bucket < buckets; bucket++) {
      breakLock(this.#words, headWords + bucket * ways * slotWords + lockAt, holderOf(workerId));
    }
  }

  #find(key: WindowKey, bucket: number, now: number): number {
    const words = this.#words;
    const ends = this.#ends;
    let free = bucket;
    let freeEndsAt = Infinity;
    for (let way = 0, slot = bucket; way < ways; way++, slot += slotWords) {
      if (words[slot + lowAt] === key.low && words[slot + highAt] === key.high) return slot;
      const endsAt = ends[slot >> 1]!;
      if (endsAt < freeEndsAt) {
        free = slot;
        freeEndsAt = endsAt <= now ? -Infinity : endsAt;
      }
    }
    ends[free >> 1] = 0;
    words[free + lowAt] = key.low;
    words[free + highAt] = key.high;
    return free;
  }
}

/** Who holds a lock; 0 would be nobody. */
function holderOf(workerId: number): number {
  return workerId + 1;
}

/** The first to ask makes it, for all. */
function seedOf(words: Int32Array, holder: number): Hash {
  if (Atomics.load(words, readyAt) === 0) {
    lock(words, seedLockAt, holder);
    if (words[readyAt] === 0) {
      const random = randomBytes(8);
      words[1] = random.readInt32LE(0);
      words[2] = random.readInt32LE(4);
      Atomics.store(words, readyAt, 1);
    }
    unlock(words, seedLockAt);
  }
  return { low: words[1]!, high: words[2]! };
}
