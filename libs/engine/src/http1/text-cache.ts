/** Places that one hash may take. What falls into a full set replaces one of them. */
const ways = 4;
/** A power of two. */
const sets = 16_384;
/** Longer texts seldom come again, and comparing them costs as much as making them. */
const longestBytes = 64;

/**
 * The strings for bytes that come again and again: hosts, paths, keys. Finding one costs a hash and a comparison instead of a new string,
 * and whatever looks the string up in a map finds its hash there already. Bounded by places and length; a wrong guess only costs time.
 */
export class TextCache {
  readonly #hashes = new Int32Array(sets * ways);
  readonly #texts = new Array<string>(sets * ways).fill('');
  #replaced = 0;

  /** The text in Latin-1 that stands between `start` and `end`. */
  at(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > longestBytes) return bytes.toString('latin1', start, end);
    let hash = length;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
    const first = ((hash ^ (hash >>> 15)) & (sets - 1)) * ways;
    for (let place = first; place < first + ways; place++) {
      if (this.#hashes[place] !== hash) continue;
      const known = this.#texts[place]!;
      if (known.length === length && isTextAt(known, bytes, start)) return known;
    }
    return this.#keep(bytes.toString('latin1', start, end), hash, first);
  }

  #keep(text: string, hash: number, first: number): string {
    const place = first + (this.#replaced++ & (ways - 1));
    this.#hashes[place] = hash;
    this.#texts[place] = text;
    return text;
  }
}

/** Whether exactly this text stands at `start`. */
export function isTextAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
