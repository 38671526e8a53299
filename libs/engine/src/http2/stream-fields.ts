import { HeaderList } from '../execute/header-list.ts';
import { hopsOf } from '../execute/hop-limit.ts';
import { field, fieldKindOf } from '../http1/field-names.ts';
import type { RequestFields } from '../http1/request-fields.ts';
import { writeAscii } from '../http1/write.ts';

/** What has been found out about a header section while it was checked. */
export interface SectionFacts {
  /** Where in the raw list the fields begin, behind the pseudo-headers. */
  readonly start: number;
  /** Of the fields as HTTP/1.1 would write them. */
  readonly length: number;
  readonly authority: string;
  readonly host: string;
  readonly requestId: string | null;
  /** There are fields that tell of a client behind the peer. */
  readonly hasForwarded: boolean;
  /** Crumbs of the cookie. */
  readonly cookies: number;
}

const noNames: readonly string[] = [];

/** The header section of a request that came over HTTP/2, read where it stands. */
export class StreamFields implements RequestFields {
  readonly authority: string;
  readonly host: string;
  readonly requestId: string | null;
  readonly hops: number;
  readonly hasForwarded: boolean;
  readonly length: number;
  /** HTTP/2 has no Connection. */
  readonly named = noNames;
  /** Every stream has a section of its own. */
  readonly version = 0;
  readonly repeats = 0;
  readonly #raw: readonly string[];
  readonly #start: number;
  readonly #cookies: number;

  /** @param raw lower-case name, value, name, value …; pseudo-headers first. */
  constructor(raw: readonly string[], facts: SectionFacts) {
    this.#raw = raw;
    this.#start = facts.start;
    this.#cookies = facts.cookies;
    this.authority = facts.authority;
    this.host = facts.host;
    this.requestId = facts.requestId;
    this.hasForwarded = facts.hasForwarded;
    this.length = facts.length;
    this.hops = hopsOf(this);
  }

  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    if (wanted === 'host') return this.authority;
    const separator = wanted === 'cookie' ? '; ' : ', ';
    let joined: string | undefined;
    for (let index = this.#start; index < this.#raw.length; index += 2) {
      if (this.#raw[index] !== wanted) continue;
      const value = this.#raw[index + 1]!;
      joined = joined === undefined ? value : joined + separator + value;
    }
    return joined;
  }

  newAnswerHeaders(): HeaderList {
    return new HeaderList();
  }

  toList(): HeaderList {
    const pairs = ['host', this.authority];
    for (let index = this.#start; index < this.#raw.length; index += 2) {
      const name = this.#raw[index]!;
      if (name !== 'host' && name !== 'cookie') pairs.push(name, this.#raw[index + 1]!);
    }
    if (this.#cookies > 0) pairs.push('cookie', this.header('cookie') ?? '');
    return new HeaderList(pairs);
  }

  /**
   * Writes the fields that go to an upstream over HTTP/1: neither those that the engine writes itself, nor those of this hop, nor what the
   * client says of a client behind it. Crumbs are one field there (RFC 9113, 8.2.3).
   * @returns the offset behind them.
   */
  writeEndToEnd(target: Buffer, offset: number): number {
    let at = offset;
    for (let index = this.#start; index < this.#raw.length; index += 2) {
      const name = this.#raw[index]!;
      const kind = fieldKindOf(name);
      if ((kind !== field.other && kind !== field.date) || (name === 'cookie' && this.#cookies > 1)) continue;
      at = writeField(target, at, name, this.#raw[index + 1]!);
    }
    return this.#cookies > 1 ? writeField(target, at, 'cookie', this.header('cookie') ?? '') : at;
  }
}

function writeField(target: Buffer, offset: number, name: string, value: string): number {
  let at = writeAscii(target, offset, name);
  target[at++] = 0x3a;
  target[at++] = 0x20;
  at = writeAscii(target, at, value);
  target[at++] = 13;
  target[at++] = 10;
  return at;
}
