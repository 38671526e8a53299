/** Slots; a text that falls into a taken one replaces what was there. A power of two. */
const slots = 16_384;
/** Longer texts seldom come again, and comparing them costs as much as making them. */
const longestBytes = 64;

/**
 * The strings for bytes that come again and again: hosts, paths, keys. Finding one costs a hash and a comparison instead of a new string,
 * and whatever looks the string up in a map finds its hash there already. Bounded by slots and length; a wrong guess only costs time.
 */
export class TextCache {
  readonly #texts = new Array<string>(slots).fill('');

  /** The text in Latin-1 that stands between `start` and `end`. */
  at(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > longestBytes) return bytes.toString('latin1', start, end);
    let hash = length;
    for (let index = start; index < end; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#texts[slot]!;
    if (known.length === length && isTextAt(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, end);
    this.#texts[slot] = text;
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
