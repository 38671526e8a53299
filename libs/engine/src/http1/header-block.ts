import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import { HeaderList } from '../execute/header-list.ts';
import { hopsOf } from '../execute/hop-limit.ts';
import { field, type FieldKind, isNameAt } from './field-names.ts';
import { FieldLines, malformed } from './field-lines.ts';
import { hostOf, isAuthority, isRequestId, type RequestFields } from './request-fields.ts';
import type { TextCache } from './text-cache.ts';
import { writeBytes } from './write.ts';

/** Why a head is refused. */
export interface HeadFault {
  readonly error: ErrorDefinition;
  readonly detail: string;
}

/** Enough for most header sections; longer ones make the memory grow. */
const usualBytes = 512;
const usualFields = 12;
const longestLength = 15;
/** How far before the end of a section the last character of its last value stands. */
const lastOfValue = 5;
const framingNames = ['content-length', 'transfer-encoding', 'host'];
const noNames: readonly string[] = [];
const keepAlive = Buffer.from('keep-alive');
const close = Buffer.from('close');

const malformedHead = bad('the request is malformed');

/**
 * The header section of a connection's request, with what it says about framing and connection. Its memory is used again for each request
 * of the connection, and strings are made only of what is asked for. It is independent of the request line, so a section that comes again
 * is not read again.
 */
export class HeaderBlock implements RequestFields {
  /** Bytes of the section with its empty line; 0 while nothing has been read. */
  length = 0;
  /** Raised by every section that is read: under the same version it is the same section. */
  version = 0;
  /** How often the section has come again since it was read. */
  repeats = 0;
  authority = '';
  host = '';
  /** Null when there is no Content-Length. */
  contentLength: number | null = null;
  isChunked = false;
  /** `Connection: close`. */
  asksToClose = false;
  /** `Connection: keep-alive`, which HTTP/1.0 needs. */
  asksToKeep = false;
  expectsContinue = false;
  /** The protocol asked for, when Connection asks for an upgrade too. */
  upgrade: string | null = null;
  requestId: string | null = null;
  hops = 0;
  /** Whether there are fields that tell of a client behind the peer. */
  hasForwarded = false;
  /** Why the section just read is refused. */
  fault: HeadFault = malformedHead;
  /** Lower-case names that Connection lists and that are to be dropped. */
  named = noNames;
  readonly #texts: TextCache;
  readonly #fields = new FieldLines(usualFields);
  #bytes: Buffer = Buffer.allocUnsafeSlow(usualBytes);
  #hosts = 0;
  #asksToUpgrade = false;
  #hasHops = false;
  /** What has been asked for by name, so that it is put together once; only the first {@link #asked} count. */
  readonly #askedNames: string[] = [];
  readonly #askedValues: (string | undefined)[] = [];
  #asked = 0;
  #answerHeaders: HeaderList | null = null;

  constructor(texts: TextCache) {
    this.#texts = texts;
  }

  /**
   * Reads the section that begins at `start`, in place of what was read before.
   * @returns the position behind it, `incomplete`, or {@link malformed} with the reason in {@link fault}.
   */
  read(bytes: Buffer, start: number, end: number): number {
    this.length = 0;
    this.version++;
    const sectionEnd = this.#fields.read(bytes, start, end, start);
    if (sectionEnd <= 0) {
      if (sectionEnd === malformed) this.fault = malformedHead;
      return sectionEnd;
    }
    const length = sectionEnd - start;
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(length)));
    writeBytes(this.#bytes, 0, bytes, start, sectionEnd);
    const fault = this.#readFacts();
    if (fault !== null) {
      this.fault = fault;
      return malformed;
    }
    this.length = length;
    return sectionEnd;
  }

  /** True when exactly this section stands at `start`. */
  isAt(bytes: Buffer, start: number, end: number): boolean {
    const { length } = this;
    if (length === 0 || start + length > end) return false;
    // Sections of one length mostly differ in their last value, such as a key; that is seen without the cost of a native call.
    if (this.#bytes[length - lastOfValue] !== bytes[start + length - lastOfValue]) return false;
    if (this.#bytes.compare(bytes, start, start + length, 0, length) !== 0) return false;
    this.repeats++;
    return true;
  }

  header(name: string): string | undefined {
    for (let index = 0; index < this.#asked; index++) {
      if (this.#askedNames[index] === name) return this.#askedValues[index];
    }
    const value = this.#join(name.toLowerCase());
    this.#askedNames[this.#asked] = name;
    this.#askedValues[this.#asked++] = value;
    return value;
  }

  newAnswerHeaders(): HeaderList {
    if (this.#answerHeaders === null) this.#answerHeaders = new HeaderList();
    else this.#answerHeaders.clear();
    return this.#answerHeaders;
  }

  toList(): HeaderList {
    const pairs: string[] = [];
    const fields = this.#fields;
    for (let index = 0; index < fields.count; index++) {
      pairs.push(fields.name(this.#bytes, index), fields.value(this.#bytes, index));
    }
    return new HeaderList(pairs);
  }

  /**
   * Writes the fields that go to an upstream: neither those that the engine writes itself, nor those of this hop, nor what the client says
   * of a client behind it. Runs of neighbours are copied at once.
   * @returns the offset behind them.
   */
  writeEndToEnd(target: Buffer, offset: number): number {
    const fields = this.#fields;
    let at = offset;
    let runStart = -1;
    let runEnd = -1;
    for (let index = 0; index < fields.count; index++) {
      if (isEndToEnd(fields.kind(index)) && !this.#isNamed(index)) {
        if (runStart < 0) runStart = fields.nameStart(index);
        runEnd = fields.lineEnd(index);
      } else if (runStart >= 0) {
        at = writeBytes(target, at, this.#bytes, runStart, runEnd);
        runStart = -1;
      }
    }
    return runStart < 0 ? at : writeBytes(target, at, this.#bytes, runStart, runEnd);
  }

  #readFacts(): HeadFault | null {
    this.#forget();
    const fields = this.#fields;
    for (let index = 0; index < fields.count; index++) {
      const kind = fields.kind(index);
      const fault = kind === field.other ? null : this.#readField(kind, index);
      if (fault !== null) return fault;
    }
    if (!this.#asksToUpgrade) this.upgrade = null;
    if (this.#hasHops) this.hops = hopsOf(this);
    if (this.#hosts !== 1) return bad('Host is missing, repeated or malformed');
    if (this.isChunked && this.contentLength !== null) return bad('both Content-Length and Transfer-Encoding');
    if (framingNames.some((name) => this.named.includes(name))) return bad('Connection names a framing header');
    return null;
  }

  #readField(kind: FieldKind, index: number): HeadFault | null {
    switch (kind) {
      case field.host:
        return this.#readHost(index);
      case field.contentLength:
        return this.#readLength(index);
      case field.transferEncoding:
        if (this.isChunked || this.#value(index).toLowerCase() !== 'chunked') {
          return { error: engineErrors.notImplemented, detail: 'only the chunked transfer coding is supported' };
        }
        this.isChunked = true;
        return null;
      case field.connection:
        this.#readConnection(index);
        return null;
      case field.expect:
        if (this.#value(index).toLowerCase() !== '100-continue') {
          return { error: engineErrors.expectationFailed, detail: engineErrors.expectationFailed.title };
        }
        this.expectsContinue = true;
        return null;
      case field.upgrade:
        this.upgrade = this.upgrade === null ? this.#value(index) : `${this.upgrade}, ${this.#value(index)}`;
        return null;
      case field.requestId:
        this.requestId = isRequestId(this.#value(index)) ? this.#value(index) : null;
        return null;
      case field.forwarded:
        this.hasForwarded = true;
        return null;
      case field.hops:
        this.#hasHops = true;
        return null;
      default:
        return null;
    }
  }

  #forget(): void {
    this.repeats = 0;
    this.contentLength = null;
    this.isChunked = false;
    this.asksToClose = false;
    this.asksToKeep = false;
    this.expectsContinue = false;
    this.upgrade = null;
    this.requestId = null;
    this.hasForwarded = false;
    this.named = noNames;
    this.#hosts = 0;
    this.#asksToUpgrade = false;
    this.#hasHops = false;
    this.hops = 0;
    this.#asked = 0;
  }

  #readHost(index: number): HeadFault | null {
    const authority = this.#value(index);
    this.#hosts++;
    if (authority === this.authority && authority !== '') return null;
    if (!isAuthority(authority)) return bad('Host is missing, repeated or malformed');
    this.authority = authority;
    this.host = hostOf(authority);
    return null;
  }

  #readLength(index: number): HeadFault | null {
    const fields = this.#fields;
    const start = fields.valueStart(index);
    const end = fields.valueEnd(index);
    const fault = bad('Content-Length is not one number');
    if (this.contentLength !== null || start === end || end - start > longestLength) return fault;
    let length = 0;
    for (let at = start; at < end; at++) {
      const digit = this.#bytes[at]! - 48;
      if (digit < 0 || digit > 9) return fault;
      length = length * 10 + digit;
    }
    this.contentLength = length;
    return null;
  }

  #readConnection(index: number): void {
    if (this.#isValue(index, keepAlive)) {
      this.asksToKeep = true;
      return;
    }
    if (this.#isValue(index, close)) {
      this.asksToClose = true;
      return;
    }
    for (const option of this.#value(index).split(',')) {
      const name = option.trim().toLowerCase();
      if (name === 'close') this.asksToClose = true;
      else if (name === 'keep-alive') this.asksToKeep = true;
      else if (name === 'upgrade') this.#asksToUpgrade = true;
      else if (name !== '') this.named = [...this.named, name];
    }
  }

  /** Whether the value is exactly this text, in any case. */
  #isValue(index: number, text: Uint8Array): boolean {
    const start = this.#fields.valueStart(index);
    return this.#fields.valueEnd(index) - start === text.length && isNameAt(this.#bytes, start, text);
  }

  #isNamed(index: number): boolean {
    return this.named.length > 0 && this.named.includes(this.#fields.name(this.#bytes, index).toLowerCase());
  }

  #value(index: number): string {
    return this.#texts.at(this.#bytes, this.#fields.valueStart(index), this.#fields.valueEnd(index));
  }

  #join(lowerCaseName: string): string | undefined {
    const fields = this.#fields;
    let joined: string | undefined;
    for (let index = 0; index < fields.count; index++) {
      const start = fields.nameStart(index);
      if (fields.nameEnd(index) - start !== lowerCaseName.length) continue;
      if (!isSameName(lowerCaseName, this.#bytes, start)) continue;
      const value = this.#value(index);
      joined = joined === undefined ? value : joined + (lowerCaseName === 'cookie' ? '; ' : ', ') + value;
    }
    return joined;
  }
}

/** Fields that the engine writes itself for each call, or that are not passed on. */
function isEndToEnd(kind: FieldKind): boolean {
  return kind === field.other || kind === field.date;
}

function isSameName(lowerCaseName: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < lowerCaseName.length; index++) {
    const code = bytes[start + index]!;
    const lower = code >= 65 && code <= 90 ? code | 0x20 : code;
    if (lowerCaseName.charCodeAt(index) !== lower) return false;
  }
  return true;
}

function bad(detail: string): HeadFault {
  return { error: engineErrors.badRequest, detail };
}
