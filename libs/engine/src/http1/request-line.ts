import { cr, isMethod, isTarget, lf, space } from './characters.ts';
import { incomplete, malformed } from './field-lines.ts';

/** ` HTTP/1.` as it stands between target and minor version. */
const versionPrefix = Buffer.from(' HTTP/1.');
const versionBytes = versionPrefix.length;
/** Longest method name taken; registered ones are shorter. */
const longestMethod = 32;

/** What the engine does not serve although it can read it. */
export const unsupportedVersion = -2;

/** A request line as places in the bytes it was read from. Reused from request to request. */
export class RequestLine {
  methodStart = 0;
  methodEnd = 0;
  targetEnd = 0;
  /** 0 or 1, of HTTP/1.x. */
  minorVersion = 1;

  get targetStart(): number {
    return this.methodEnd + 1;
  }

  /**
   * @returns the position behind the line's CRLF, {@link incomplete}, {@link malformed} or {@link unsupportedVersion}.
   */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    this.methodStart = at;
    while (at < end && isMethod[bytes[at]!] === 1) at++;
    if (at - this.methodStart > longestMethod) return malformed;
    if (at >= end) return incomplete;
    if (bytes[at] !== space || at === this.methodStart) return malformed;
    this.methodEnd = at++;
    const targetStart = at;
    while (at < end && isTarget[bytes[at]!] === 1) at++;
    if (at >= end) return incomplete;
    if (at === targetStart) return malformed;
    this.targetEnd = at;
    return this.#readVersion(bytes, at, end);
  }

  #readVersion(bytes: Uint8Array, start: number, end: number): number {
    for (let index = 0; index < versionBytes; index++) {
      if (start + index >= end) return incomplete;
      if (bytes[start + index] !== versionPrefix[index]) {
        // Another major version, as in ` HTTP/2.0`, is understood and refused; anything else is no request line.
        return index === versionBytes - 2 && isDigit(bytes[start + index]!) ? unsupportedVersion : malformed;
      }
    }
    const at = start + versionBytes;
    if (at + 2 >= end) return at < end && !isDigit(bytes[at]!) ? malformed : incomplete;
    if (!isDigit(bytes[at]!) || bytes[at + 1] !== cr || bytes[at + 2] !== lf) return malformed;
    this.minorVersion = bytes[at]! - 48;
    return this.minorVersion > 1 ? unsupportedVersion : at + 3;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
