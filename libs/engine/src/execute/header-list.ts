/**
 * Headers in order, with their case and repetitions, as name/value pairs in one flat list: the form in which Node reads and
 * writes them. Names compare case-insensitively.
 */
export class HeaderList {
  /** Name, value, name, value …; numbers are written in decimal digits. Only the first {@link #length} of them count. */
  readonly #pairs: (string | number)[];
  #length: number;
  /** A bit for each length that a name may have, 32 and more falling together: most names are told apart by it. */
  #lengths = 0;

  constructor(pairs: readonly string[] = []) {
    this.#pairs = [...pairs];
    this.#length = pairs.length;
    for (let index = 0; index < pairs.length; index += 2) this.#lengths |= 1 << pairs[index]!.length;
  }

  /** The first value of a header. */
  get(name: string): string | undefined {
    const index = this.#indexOf(name, 0);
    return index < 0 ? undefined : String(this.#pairs[index + 1]);
  }

  getAll(name: string): string[] {
    const values: string[] = [];
    for (let index = this.#indexOf(name, 0); index >= 0; index = this.#indexOf(name, index + 2)) {
      values.push(String(this.#pairs[index + 1]));
    }
    return values;
  }

  has(name: string): boolean {
    return this.#indexOf(name, 0) >= 0;
  }

  /**
   * Replaces every header of that name. Throws on what cannot stand in a header.
   * @param value text, or a whole number that is not negative.
   */
  set(name: string, value: string | number): void {
    assertHeader(name, value);
    this.remove(name);
    this.#add(name, value);
  }

  /** Adds a header beside those of the same name. Throws on what cannot stand in a header. */
  append(name: string, value: string): void {
    assertHeader(name, value);
    this.#add(name, value);
  }

  /** Takes all of them out; the memory is used again. */
  clear(): void {
    this.#length = 0;
    this.#lengths = 0;
  }

  remove(name: string): void {
    if (this.#indexOf(name, 0) < 0) return;
    const wanted = name.toLowerCase();
    this.removeWhere((candidate) => candidate === wanted);
  }

  /** Takes over all headers of another list in place of those of the same names here. */
  replaceWith(other: HeaderList): void {
    const names = new Set([...other].map(([name]) => name.toLowerCase()));
    if (names.size === 0) return;
    this.removeWhere((name) => names.has(name));
    for (let index = 0; index < other.size; index++) this.#add(other.nameAt(index), other.rawValueAt(index));
  }

  /** Removes the headers whose lower-case name satisfies the test. */
  removeWhere(test: (lowerCaseName: string) => boolean): void {
    const { size } = this;
    this.#length = 0;
    for (let index = 0; index < size; index++) {
      const name = this.nameAt(index);
      if (!test(name.toLowerCase())) this.#add(name, this.rawValueAt(index));
    }
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    for (let index = 0; index < this.size; index++) yield [this.nameAt(index), this.valueAt(index)];
  }

  /** How many fields there are. */
  get size(): number {
    return this.#length / 2;
  }

  nameAt(index: number): string {
    return this.#pairs[index * 2] as string;
  }

  valueAt(index: number): string {
    return String(this.#pairs[index * 2 + 1]);
  }

  /** The value as it was set, so that a number can be written without making a string of it. */
  rawValueAt(index: number): string | number {
    return this.#pairs[index * 2 + 1]!;
  }

  /** Whether a field has the name that stands in `bytes` between `start` and `end`, in any case. */
  hasNameAt(bytes: Uint8Array, start: number, end: number): boolean {
    if ((this.#lengths & (1 << (end - start))) === 0) return false;
    for (let index = 0; index < this.#length; index += 2) {
      if (isNameIn(this.#pairs[index] as string, bytes, start, end)) return true;
    }
    return false;
  }

  /** Name, value, name, value … as Node's `rawHeaders`. */
  toFlatList(): string[] {
    return this.#pairs.slice(0, this.#length).map(String);
  }

  #add(name: string, value: string | number): void {
    this.#lengths |= 1 << name.length;
    this.#pairs[this.#length++] = name;
    this.#pairs[this.#length++] = value;
  }

  #indexOf(name: string, from: number): number {
    for (let index = from; index < this.#length; index += 2) {
      if (isSameName(this.#pairs[index] as string, name)) return index;
    }
    return -1;
  }
}

/** The code of a letter in lower case, of anything else as it is. */
function folded(code: number): number {
  return code >= 65 && code <= 90 ? code | 0x20 : code;
}

function isNameIn(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index++) {
    if (folded(name.charCodeAt(index)) !== folded(bytes[start + index]!)) return false;
  }
  return true;
}

function isSameName(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  if (a === b) return true;
  for (let index = 0; index < a.length; index++) {
    if (folded(a.charCodeAt(index)) !== folded(b.charCodeAt(index))) return false;
  }
  return true;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Names that have been found to be tokens; policies use few. */
const knownNames = new Set<string>();
const mostKnownNames = 1000;

function assertHeader(name: string, value: string | number): void {
  if (!knownNames.has(name)) {
    if (!token.test(name)) throw new TypeError(`"${name}" is not a header name`);
    if (knownNames.size < mostKnownNames) knownNames.add(name);
  }
  const isValid = typeof value === 'string' ? isFieldValue(value) : Number.isSafeInteger(value) && value >= 0;
  if (!isValid) throw new TypeError(`header ${name} would hold a control character or no number`);
}

/** Everything but control characters; a tab may stand inside a value (RFC 9110, 5.5). */
function isFieldValue(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if ((code < 0x20 && code !== 9) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}
