import type { UpstreamHead } from '../exchange/upstream-channel.ts';
import { HeaderList } from '../execute/header-list.ts';
import type { BodyFraming } from '../http1/body-transfer.ts';
import { field, fieldKindOf } from '../http1/field-names.ts';

const passedKinds = new Set<number>([field.other, field.date]);
const empty: BodyFraming = { kind: 'length', bytes: 0 };
const untilEnd: BodyFraming = { kind: 'until-close' };

/** The head of an answer that came on a stream of HTTP/2. */
export class StreamHead implements UpstreamHead {
  readonly status: number;
  readonly contentLength: number | null = null;
  /** The stream is done with; its connection carries others. */
  readonly isKept = true;
  readonly upgrade = null;
  readonly #raw: readonly string[];
  readonly #endsStream: boolean;

  /** @param raw name, value, name, value …, `:status` first. */
  constructor(raw: readonly string[], endsStream: boolean) {
    this.#raw = raw;
    this.#endsStream = endsStream;
    this.status = Number(raw[1]);
    const at = raw.indexOf('content-length');
    if (at > 0 && at % 2 === 0) this.contentLength = Number(raw[at + 1]);
  }

  framing(isHead: boolean): BodyFraming | null {
    if (isHead || this.status < 200 || this.status === 204 || this.status === 304) return null;
    return this.#endsStream ? empty : untilEnd;
  }

  toList(): HeaderList {
    const pairs: string[] = [];
    for (let index = 2; index < this.#raw.length; index += 2) {
      const name = this.#raw[index]!;
      if (passedKinds.has(fieldKindOf(name))) pairs.push(name, this.#raw[index + 1]!);
    }
    return new HeaderList(pairs);
  }
}
