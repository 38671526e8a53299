import { colon, cr, hexValue, isFieldValue, isToken, lf, semicolon } from './characters.ts';

const state = {
  size: 0,
  extension: 1,
  sizeLf: 2,
  data: 3,
  dataCr: 4,
  dataLf: 5,
  trailer: 6,
  fieldName: 7,
  fieldValue: 8,
  fieldLf: 9,
  endLf: 10,
};

/** A chunk larger than 2^44 bytes is no chunk. */
const mostSizeDigits = 11;
/** Extensions say nothing that a gateway needs; long ones are an attack on whoever counts bytes. */
const longestExtension = 256;
const mostTrailerBytes = 8 * 1024;

/** The chunked coding (RFC 9112, 7.1), read byte-exactly; extensions are checked and dropped. */
export class ChunkedDecoder {
  /** The last chunk and its trailers have been read. */
  isComplete = false;
  /** How far the latest {@link decode} has read. */
  position = 0;
  /** The trailer lines so far, without their line ends' CR. */
  trailerText = '';
  #state = state.size;
  #left = 0;
  #digits = 0;
  #extensionBytes = 0;
  #trailerBytes = 0;

  /**
   * Copies the data in `source` between `start` and `end` to `target` at `offset`, up to the end of the body.
   * @returns the offset behind the data, or −1 when the coding is broken.
   */
  decode(source: Buffer, start: number, end: number, target: Buffer, offset: number): number {
    let at = start;
    let to = offset;
    while (at < end && !this.isComplete) {
      if (this.#state === state.data) {
        const count = Math.min(this.#left, end - at);
        source.copy(target, to, at, at + count);
        to += count;
        at += count;
        this.#left -= count;
        if (this.#left === 0) this.#state = state.dataCr;
      } else if (!this.#step(source[at++]!)) {
        return -1;
      }
    }
    this.position = at;
    return to;
  }

  /** Takes one byte of framing; false when it cannot stand there. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case state.size:
        return this.#sizeByte(byte);
      case state.extension:
        if (byte === cr) return this.#go(state.sizeLf);
        return isFieldValue[byte] === 1 && ++this.#extensionBytes <= longestExtension;
      case state.sizeLf:
        if (byte !== lf) return false;
        this.#digits = 0;
        this.#extensionBytes = 0;
        return this.#go(this.#left === 0 ? state.trailer : state.data);
      case state.dataCr:
        return byte === cr && this.#go(state.dataLf);
      case state.dataLf:
        return byte === lf && this.#go(state.size);
      default:
        return this.#trailerByte(byte);
    }
  }

  #sizeByte(byte: number): boolean {
    const value = hexValue[byte]!;
    if (value >= 0) {
      this.#left = this.#left * 16 + value;
      return ++this.#digits <= mostSizeDigits;
    }
    if (this.#digits === 0) return false;
    if (byte === cr) return this.#go(state.sizeLf);
    return byte === semicolon && this.#go(state.extension);
  }

  #trailerByte(byte: number): boolean {
    switch (this.#state) {
      case state.trailer:
        if (byte === cr) return this.#go(state.endLf);
        this.trailerText += String.fromCharCode(byte);
        return isToken[byte] === 1 && this.#go(state.fieldName);
      case state.fieldName:
        this.trailerText += String.fromCharCode(byte);
        if (byte === colon) return this.#go(state.fieldValue);
        return isToken[byte] === 1 && ++this.#trailerBytes <= mostTrailerBytes;
      case state.fieldValue:
        if (byte === cr) return this.#go(state.fieldLf);
        this.trailerText += String.fromCharCode(byte);
        return isFieldValue[byte] === 1 && ++this.#trailerBytes <= mostTrailerBytes;
      case state.fieldLf:
        this.trailerText += '\n';
        return byte === lf && this.#go(state.trailer);
      default:
        this.isComplete = byte === lf;
        return this.isComplete;
    }
  }

  #go(next: number): true {
    this.#state = next;
    return true;
  }
}
