/**
 * Headers in order, with their case and repetitions, as name/value pairs in one flat list: the form in which Node reads and
 * writes them. Names compare case-insensitively.
 */
export class HeaderList {
  #pairs: string[];

  constructor(pairs: readonly string[] = []) {
    this.#pairs = [...pairs];
  }

  /** The first value of a header. */
  get(name: string): string | undefined {
    const index = this.#indexOf(name.toLowerCase(), 0);
    return index < 0 ? undefined : this.#pairs[index + 1];
  }

  getAll(name: string): string[] {
    const wanted = name.toLowerCase();
    const values: string[] = [];
    for (let index = this.#indexOf(wanted, 0); index >= 0; index = this.#indexOf(wanted, index + 2)) {
      values.push(this.#pairs[index + 1] ?? '');
    }
    return values;
  }

  has(name: string): boolean {
    return this.#indexOf(name.toLowerCase(), 0) >= 0;
  }

  /** Replaces every header of that name. Throws on what cannot stand in a header. */
  set(name: string, value: string): void {
    assertHeader(name, value);
    this.remove(name);
    this.#pairs.push(name, value);
  }

  /** Adds a header beside those of the same name. Throws on what cannot stand in a header. */
  append(name: string, value: string): void {
    assertHeader(name, value);
    this.#pairs.push(name, value);
  }

  remove(name: string): void {
    const wanted = name.toLowerCase();
    if (this.#indexOf(wanted, 0) >= 0) this.removeWhere((candidate) => candidate === wanted);
  }

  /** Takes over all headers of another list in place of those of the same names here. */
  replaceWith(other: HeaderList): void {
    const names = new Set([...other].map(([name]) => name.toLowerCase()));
    if (names.size === 0) return;
    this.removeWhere((name) => names.has(name));
    this.#pairs.push(...other.toFlatList());
  }

  /** Removes the headers whose lower-case name satisfies the test. */
  removeWhere(test: (lowerCaseName: string) => boolean): void {
    const kept: string[] = [];
    for (let index = 0; index < this.#pairs.length; index += 2) {
      const name = this.#pairs[index] ?? '';
      if (!test(name.toLowerCase())) kept.push(name, this.#pairs[index + 1] ?? '');
    }
    this.#pairs = kept;
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    for (let index = 0; index < this.#pairs.length; index += 2) {
      yield [this.#pairs[index] ?? '', this.#pairs[index + 1] ?? ''];
    }
  }

  /** How many fields there are. */
  get size(): number {
    return this.#pairs.length / 2;
  }

  nameAt(index: number): string {
    return this.#pairs[index * 2] ?? '';
  }

  valueAt(index: number): string {
    return this.#pairs[index * 2 + 1] ?? '';
  }

  /** Whether a field has the name that stands in `bytes` between `start` and `end`, in any case. */
  hasNameAt(bytes: Uint8Array, start: number, end: number): boolean {
    for (let index = 0; index < this.#pairs.length; index += 2) {
      if (isSameName(this.#pairs[index]!, bytes, start, end)) return true;
    }
    return false;
  }

  /** Name, value, name, value … as Node's `rawHeaders`. */
  toFlatList(): string[] {
    return [...this.#pairs];
  }

  #indexOf(lowerCaseName: string, from: number): number {
    for (let index = from; index < this.#pairs.length; index += 2) {
      const name = this.#pairs[index] ?? '';
      if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return index;
    }
    return -1;
  }
}

/** Letters of tokens differ from their other case in one bit. */
function isSameName(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) {
    if ((name.charCodeAt(index) | 0x20) !== (bytes[start + index]! | 0x20)) return false;
  }
  return true;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Everything but control characters; a tab may stand inside a value (RFC 9110, 5.5).
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

function assertHeader(name: string, value: string): void {
  if (!token.test(name)) throw new TypeError(`"${name}" is not a header name`);
  if (!fieldValue.test(value)) throw new TypeError(`header ${name} would hold a control character`);
}
