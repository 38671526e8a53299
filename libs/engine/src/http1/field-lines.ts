import { colon, cr, isFieldValue, isToken, lf, space, tab } from './characters.ts';
import { type FieldKind, fieldKindAt } from './field-names.ts';

/** Results of reading that are no position. */
export const incomplete = 0;
export const malformed = -1;

/** Numbers per field in {@link FieldLines}: where the name starts and ends, where the value starts and ends, kind, end of the line. */
const stride = 6;

/**
 * The field lines of a message head, as places in the bytes they were read from. Reused from head to head; strict as RFC 9112 demands:
 * no space before the colon, no folding, CRLF only, no control characters.
 */
export class FieldLines {
  count = 0;
  #places: Int32Array;

  /** @param expected how many fields are usual; more make it grow. */
  constructor(expected = 64) {
    this.#places = new Int32Array(expected * stride);
  }

  /**
   * Reads up to the empty line.
   * @param origin what places are counted from.
   * @returns the position behind the empty line, {@link incomplete} or {@link malformed}.
   */
  read(bytes: Uint8Array, start: number, end: number, origin = 0): number {
    let at = start;
    let count = 0;
    let places = this.#places;
    for (;;) {
      if (at + 1 >= end) return at < end && bytes[at] !== cr && isToken[bytes[at]!] === 0 ? malformed : incomplete;
      if (bytes[at] === cr) {
        this.count = count;
        return bytes[at + 1] === lf ? at + 2 : malformed;
      }
      const nameStart = at;
      while (at < end && isToken[bytes[at]!] === 1) at++;
      if (at >= end) return incomplete;
      if (bytes[at] !== colon || at === nameStart) return malformed;
      const nameEnd = at++;
      while (at < end && (bytes[at] === space || bytes[at] === tab)) at++;
      const valueStart = at;
      while (at < end && isFieldValue[bytes[at]!] === 1) at++;
      if (at >= end) return incomplete;
      if (bytes[at] !== cr) return malformed;
      if (at + 1 >= end) return incomplete;
      if (bytes[at + 1] !== lf) return malformed;
      let valueEnd = at;
      at += 2;
      while (valueEnd > valueStart && (bytes[valueEnd - 1] === space || bytes[valueEnd - 1] === tab)) valueEnd--;
      const place = count++ * stride;
      if (place + stride > places.length) places = this.#grow();
      places[place] = nameStart - origin;
      places[place + 1] = nameEnd - origin;
      places[place + 2] = valueStart - origin;
      places[place + 3] = valueEnd - origin;
      places[place + 4] = fieldKindAt(bytes, nameStart, nameEnd - nameStart);
      places[place + 5] = at - origin;
    }
  }

  nameStart(index: number): number {
    return this.#places[index * stride]!;
  }
  nameEnd(index: number): number {
    return this.#places[index * stride + 1]!;
  }
  valueStart(index: number): number {
    return this.#places[index * stride + 2]!;
  }
  valueEnd(index: number): number {
    return this.#places[index * stride + 3]!;
  }
  kind(index: number): FieldKind {
    return this.#places[index * stride + 4] as FieldKind;
  }
  /** Behind the CRLF. */
  lineEnd(index: number): number {
    return this.#places[index * stride + 5]!;
  }

  name(bytes: Buffer, index: number): string {
    return bytes.toString('latin1', this.nameStart(index), this.nameEnd(index));
  }
  value(bytes: Buffer, index: number): string {
    return bytes.toString('latin1', this.valueStart(index), this.valueEnd(index));
  }

  #grow(): Int32Array {
    const larger = new Int32Array(this.#places.length * 2);
    larger.set(this.#places);
    this.#places = larger;
    return larger;
  }
}
