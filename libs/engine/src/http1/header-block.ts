import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import { HeaderList } from '../execute/header-list.ts';
import { field, type FieldKind } from './field-names.ts';
import type { FieldLines } from './field-lines.ts';

/** Why a head is refused. */
export interface HeadFault {
  readonly error: ErrorDefinition;
  readonly detail: string;
}

const authorityPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9\-._~]+)(?::\d{1,5})?$/;
const longestLength = 15;
const framingNames = ['content-length', 'transfer-encoding', 'host'];

/**
 * The header section of a request with what it says about framing and connection. Immutable, and independent of the request line, so a
 * connection that sends the same section again has it read only once.
 */
export class HeaderBlock {
  /** The section with its empty line. */
  readonly bytes: Buffer;
  /** As it stands in Host. */
  readonly authority: string;
  /** Lower-case, without port and trailing dot. */
  readonly host: string;
  /** Null when there is no Content-Length. */
  readonly contentLength: number | null;
  readonly isChunked: boolean;
  /** `Connection: close`. */
  readonly asksToClose: boolean;
  /** `Connection: keep-alive`, which HTTP/1.0 needs. */
  readonly asksToKeep: boolean;
  readonly expectsContinue: boolean;
  /** The protocol asked for, when Connection asks for an upgrade too. */
  readonly upgrade: string | null;
  /** The client's own request id when it is one that can be logged and passed on. */
  readonly requestId: string | null;
  /** Lower-case names that Connection lists and that are to be dropped. */
  readonly named: readonly string[];
  /** Name, value, name, value …, as they came. */
  readonly pairs: readonly string[];
  /** The kind of each field. */
  readonly kinds: readonly FieldKind[];
  readonly #values = new Map<string, string | undefined>();

  private constructor(bytes: Buffer, facts: HeaderFacts) {
    this.bytes = bytes;
    this.authority = facts.authority;
    this.host = facts.authority.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
    this.contentLength = facts.contentLength;
    this.isChunked = facts.isChunked;
    this.asksToClose = facts.options.has('close');
    this.asksToKeep = facts.options.has('keep-alive');
    this.expectsContinue = facts.expectsContinue;
    this.upgrade = facts.options.has('upgrade') ? facts.upgrade : null;
    this.requestId = facts.requestId;
    this.named = [...facts.options].filter((name) => !['close', 'keep-alive', 'upgrade', ''].includes(name));
    this.pairs = facts.pairs;
    this.kinds = facts.kinds;
  }

  /** Takes over what {@link FieldLines} has read of `bytes`, or tells why that cannot be served. */
  static from(bytes: Buffer, lines: FieldLines, start: number, end: number): HeaderBlock | HeadFault {
    const facts = readFacts(bytes, lines);
    return 'error' in facts ? facts : new HeaderBlock(Buffer.from(bytes.subarray(start, end)), facts);
  }

  /** True when exactly this section stands at `start`. */
  isAt(bytes: Buffer, start: number, end: number): boolean {
    const { length } = this.bytes;
    return start + length <= end && this.bytes.compare(bytes, start, start + length) === 0;
  }

  /** The values of a header joined as RFC 9110 (5.3) allows, cookies with `; `; undefined when it is absent. */
  header(name: string): string | undefined {
    const known = this.#values.get(name);
    if (known !== undefined || this.#values.has(name)) return known;
    const lowerCase = name.toLowerCase();
    const values = this.pairs.filter(
      (_, index) => index % 2 === 1 && this.pairs[index - 1]!.toLowerCase() === lowerCase,
    );
    const value = values.length === 0 ? undefined : values.join(lowerCase === 'cookie' ? '; ' : ', ');
    this.#values.set(name, value);
    return value;
  }

  /** All fields as they came. */
  toList(): HeaderList {
    return new HeaderList(this.pairs);
  }
}

interface HeaderFacts {
  authority: string;
  contentLength: number | null;
  isChunked: boolean;
  expectsContinue: boolean;
  upgrade: string | null;
  requestId: string | null;
  options: Set<string>;
  pairs: string[];
  kinds: FieldKind[];
}

function readFacts(bytes: Buffer, lines: FieldLines): HeaderFacts | HeadFault {
  const facts: HeaderFacts = {
    authority: '',
    contentLength: null,
    isChunked: false,
    expectsContinue: false,
    upgrade: null,
    requestId: null,
    options: new Set(),
    pairs: [],
    kinds: [],
  };
  let hosts = 0;
  for (let index = 0; index < lines.count; index++) {
    const value = lines.value(bytes, index);
    const kind = lines.kind(index);
    facts.pairs.push(lines.name(bytes, index), value);
    facts.kinds.push(kind);
    switch (kind) {
      case field.host:
        hosts++;
        facts.authority = value;
        break;
      case field.contentLength:
        if (facts.contentLength !== null || !isLength(value)) return bad('Content-Length is not one number');
        facts.contentLength = Number(value);
        break;
      case field.transferEncoding:
        if (facts.isChunked || value.toLowerCase() !== 'chunked') {
          return { error: engineErrors.notImplemented, detail: 'only the chunked transfer coding is supported' };
        }
        facts.isChunked = true;
        break;
      case field.connection:
        for (const option of value.split(',')) facts.options.add(option.trim().toLowerCase());
        break;
      case field.expect:
        if (value.toLowerCase() !== '100-continue') {
          return { error: engineErrors.expectationFailed, detail: engineErrors.expectationFailed.title };
        }
        facts.expectsContinue = true;
        break;
      case field.upgrade:
        facts.upgrade = facts.upgrade === null ? value : `${facts.upgrade}, ${value}`;
        break;
      case field.requestId:
        facts.requestId = /^[\x21-\x7e]{1,128}$/.test(value) ? value : null;
        break;
      default:
    }
  }
  if (hosts !== 1 || !authorityPattern.test(facts.authority)) return bad('Host is missing, repeated or malformed');
  if (facts.isChunked && facts.contentLength !== null) return bad('both Content-Length and Transfer-Encoding');
  if (framingNames.some((name) => facts.options.has(name))) return bad('Connection names a framing header');
  return facts;
}

function isLength(value: string): boolean {
  return value.length <= longestLength && /^\d+$/.test(value);
}

function bad(detail: string): HeadFault {
  return { error: engineErrors.badRequest, detail };
}
