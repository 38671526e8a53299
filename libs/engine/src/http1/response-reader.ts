import type { HeaderList } from '../execute/header-list.ts';
import { HeaderList as Headers } from '../execute/header-list.ts';
import { cr, isFieldValue, lf, space } from './characters.ts';
import type { BodyFraming } from './body-transfer.ts';
import { field, isNameAt } from './field-names.ts';
import { FieldLines, incomplete, malformed } from './field-lines.ts';

const version = Buffer.from('HTTP/1.');
const keepAlive = Buffer.from('keep-alive');
/** Longer heads are read each time. */
const longestRemembered = 2048;
const mostMisses = 8;
const missesUntilRetry = 256;

/**
 * Reads heads of upstreams' answers. One serves all connections of a process: its results are places in the bytes that were read, and are
 * taken before the next head is read.
 */
export class ResponseReader {
  status = 0;
  readonly fields = new FieldLines();
  /** Places of the reason phrase, the space before it included. */
  reasonStart = 0;
  reasonEnd = 0;
  /** Null when there is no Content-Length. */
  contentLength: number | null = null;
  isChunked = false;
  /** The upstream keeps its connection after this answer, if the framing lets it. */
  isKept = true;
  hasDate = false;
  upgrade: string | null = null;
  /** Lower-case names that Connection lists. */
  named: string[] = [];

  /** The head that was read last, and where it stood: it is often the one that comes next, to the byte, and then all is known. */
  readonly #last: Buffer = Buffer.allocUnsafeSlow(longestRemembered);
  #lastLength = 0;
  #lastStart = 0;
  /** The framing that came last; answers of one length often follow each other. */
  #length: Extract<BodyFraming, { kind: 'length' }> = { kind: 'length', bytes: 0 };
  /** Heads in a row that were not the one before; where they keep changing, comparing is given up for a while. */
  #misses = 0;

  /** @param limitBytes of status line and fields together. */
  constructor(private readonly limitBytes: number) {}

  /** @returns the position behind the head, {@link incomplete} or {@link malformed}. */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#isRepeated(bytes, start, end)) return start + this.#lastLength;
    this.#lastLength = 0;
    const headEnd = this.#read(bytes, start, end);
    if (headEnd > 0 && headEnd - start <= longestRemembered && this.#misses < mostMisses) {
      this.#lastStart = start;
      this.#lastLength = headEnd - start;
      bytes.copy(this.#last, 0, start, headEnd);
    }
    return headEnd;
  }

  #isRepeated(bytes: Buffer, start: number, end: number): boolean {
    const length = this.#lastLength;
    if (length > 0 && start === this.#lastStart && start + length <= end) {
      if (this.#last.compare(bytes, start, start + length, 0, length) === 0) {
        this.#misses = 0;
        return true;
      }
    }
    this.#misses = this.#misses === missesUntilRetry ? 0 : this.#misses + 1;
    return false;
  }

  #read(bytes: Buffer, start: number, end: number): number {
    const linesStart = this.#readStatusLine(bytes, start, end);
    const headEnd = linesStart > 0 ? this.fields.read(bytes, linesStart, end) : linesStart;
    if (headEnd === incomplete) return end - start > this.limitBytes ? malformed : incomplete;
    if (headEnd < 0 || headEnd - start > this.limitBytes) return malformed;
    return this.#readFacts(bytes) ? headEnd : malformed;
  }

  /** How the body ends; null when there is none, whatever the fields say. */
  framing(isHead: boolean): BodyFraming | null {
    if (isHead || this.status < 200 || this.status === 204 || this.status === 304) return null;
    if (this.isChunked) return { kind: 'chunked' };
    if (this.contentLength === null) return { kind: 'until-close' };
    if (this.#length.bytes !== this.contentLength) this.#length = { kind: 'length', bytes: this.contentLength };
    return this.#length;
  }

  /** The end-to-end fields: what concerns this hop is left out, framing too. */
  toList(bytes: Buffer): HeaderList {
    const pairs: string[] = [];
    for (let index = 0; index < this.fields.count; index++) {
      if (this.isEndToEnd(bytes, index)) pairs.push(this.fields.name(bytes, index), this.fields.value(bytes, index));
    }
    return new Headers(pairs);
  }

  isEndToEnd(bytes: Buffer, index: number): boolean {
    switch (this.fields.kind(index)) {
      case field.connection:
      case field.hop:
      case field.upgrade:
      case field.transferEncoding:
      case field.contentLength:
      case field.requestId:
        return false;
      default:
        return this.named.length === 0 || !this.named.includes(this.fields.name(bytes, index).toLowerCase());
    }
  }

  #readStatusLine(bytes: Buffer, start: number, end: number): number {
    const shortest = 'HTTP/1.1 200\r\n'.length;
    for (let index = 0; index < version.length && start + index < end; index++) {
      if (bytes[start + index] !== version[index]) return malformed;
    }
    if (end - start < shortest) return incomplete;
    const minor = bytes[start + 7]! - 48;
    if (minor < 0 || minor > 9 || bytes[start + 8] !== space) return malformed;
    this.isKept = minor > 0;
    let status = 0;
    for (let at = start + 9; at < start + 12; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) return malformed;
      status = status * 10 + digit;
    }
    if (status < 100 || status > 599) return malformed;
    this.status = status;
    this.reasonStart = start + 12;
    if (bytes[this.reasonStart] !== space && bytes[this.reasonStart] !== cr) return malformed;
    let at = this.reasonStart;
    while (at < end && isFieldValue[bytes[at]!] === 1) at++;
    this.reasonEnd = at;
    if (at + 1 >= end) return at < end && bytes[at] !== cr ? malformed : incomplete;
    return bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : malformed;
  }

  /** False when framing is missing, doubled or contradicts itself. */
  #readFacts(bytes: Buffer): boolean {
    const { fields } = this;
    this.contentLength = null;
    this.isChunked = false;
    this.hasDate = false;
    this.upgrade = null;
    if (this.named.length > 0) this.named = [];
    for (let index = 0; index < fields.count; index++) {
      switch (fields.kind(index)) {
        case field.contentLength:
          if (!this.#readLength(bytes, index)) return false;
          break;
        case field.transferEncoding:
          if (this.isChunked || fields.value(bytes, index).toLowerCase() !== 'chunked') return false;
          this.isChunked = true;
          break;
        case field.connection:
          this.#readConnection(bytes, index);
          break;
        case field.upgrade:
          this.upgrade = fields.value(bytes, index);
          break;
        case field.date:
          this.hasDate = true;
          break;
        default:
      }
    }
    return !(this.isChunked && this.contentLength !== null);
  }

  /** Equal repetitions are taken once (RFC 9110, 8.6). */
  #readLength(bytes: Buffer, index: number): boolean {
    const start = this.fields.valueStart(index);
    const end = this.fields.valueEnd(index);
    if (start === end || end - start > 15) return false;
    let length = 0;
    for (let at = start; at < end; at++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) return false;
      length = length * 10 + digit;
    }
    if (this.contentLength !== null && this.contentLength !== length) return false;
    this.contentLength = length;
    return true;
  }

  #readConnection(bytes: Buffer, index: number): void {
    const start = this.fields.valueStart(index);
    const length = this.fields.valueEnd(index) - start;
    if (length === keepAlive.length && isNameAt(bytes, start, keepAlive)) {
      this.isKept = true;
      return;
    }
    for (const option of this.fields.value(bytes, index).toLowerCase().split(',')) {
      const name = option.trim();
      if (name === 'close') this.isKept = false;
      else if (name === 'keep-alive') this.isKept = true;
      else if (name !== '' && name !== 'upgrade') this.named.push(name);
    }
  }
}
