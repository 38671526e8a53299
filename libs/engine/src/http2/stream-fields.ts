import { HeaderList } from '../execute/header-list.ts';
import { hopsOf } from '../execute/hop-limit.ts';
import { hostOf, type RequestFields } from '../http1/request-fields.ts';

const noNames: readonly string[] = [];

/** The header section of a request that came over HTTP/2, without its pseudo-headers. */
export class StreamFields implements RequestFields {
  readonly authority: string;
  readonly host: string;
  readonly requestId: string | null;
  readonly hops: number;
  /** HTTP/2 has no Connection. */
  readonly named = noNames;
  /** Lower-case name, value, name, value …; Host is among them, cookies are one field. */
  readonly #pairs: readonly string[];

  constructor(pairs: readonly string[], { authority, requestId }: { authority: string; requestId: string | null }) {
    this.#pairs = pairs;
    this.authority = authority;
    this.host = hostOf(authority);
    this.requestId = requestId;
    this.hops = hopsOf(this);
  }

  header(name: string): string | undefined {
    const wanted = name.toLowerCase();
    let joined: string | undefined;
    for (let index = 0; index < this.#pairs.length; index += 2) {
      if (this.#pairs[index] !== wanted) continue;
      const value = this.#pairs[index + 1]!;
      joined = joined === undefined ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  toList(): HeaderList {
    return new HeaderList(this.#pairs);
  }
}
