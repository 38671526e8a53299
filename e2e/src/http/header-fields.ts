/** One field line as it stood on the wire, apart from the case of its name. */
export interface HeaderField {
  /** Lower-case. */
  readonly name: string;
  /** Without the white space around it, latin1. */
  readonly value: string;
}

/** What is wrong with a field line or with the end of a line (RFC 9112, 2.2 and 5). */
export type FieldFault =
  'bare line feed' | 'bare carriage return' | 'folded field' | 'field name' | 'field value' | 'space before colon';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110, 5.6.2. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** Any control byte but the horizontal tab. */
export function hasControls(text: string): boolean {
  return [...text].some((character) => {
    const code = character.charCodeAt(0);
    return (code < 0x20 && code !== 0x09) || code === 0x7f;
  });
}

/** One line that ends in CRLF, starting at `at`; null when its end is not there yet. */
export function readLine(
  bytes: Buffer,
  at: number,
): { readonly line: string; readonly next: number } | { readonly fault: FieldFault } | null {
  const lineFeed = bytes.indexOf(0x0a, at);
  const text = bytes.toString('latin1', at, lineFeed === -1 ? bytes.length : lineFeed);
  const carriageReturn = text.indexOf('\r');
  if (carriageReturn !== -1 && carriageReturn < text.length - 1) return { fault: 'bare carriage return' };
  if (lineFeed === -1) return null;
  return carriageReturn === -1 ? { fault: 'bare line feed' } : { line: text.slice(0, -1), next: lineFeed + 1 };
}

/** Reads one field line without its CRLF. */
export function readField(line: string): HeaderField | FieldFault {
  if (/^[ \t]/.test(line)) return 'folded field';
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (/^\S+[ \t]+$/.test(name)) return 'space before colon';
  if (!isToken(name)) return 'field name';
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '');
  return hasControls(value) ? 'field value' : { name: name.toLowerCase(), value };
}

/** Reads field lines up to and with the empty line. */
export function readFields(
  bytes: Buffer,
  at: number,
): { readonly fields: HeaderField[]; readonly next: number } | { readonly fault: FieldFault } | null {
  const fields: HeaderField[] = [];
  for (let next = at; ;) {
    const read = readLine(bytes, next);
    if (read === null || 'fault' in read) return read;
    next = read.next;
    if (read.line === '') return { fields, next };
    const field = readField(read.line);
    if (typeof field === 'string') return { fault: field };
    fields.push(field);
  }
}

/** Values of every field of this (lower-case) name, in order. */
export function valuesOf(fields: readonly HeaderField[], name: string): string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}

/** The members of a comma-separated list, lower-case, over every field of this name. */
export function listOf(fields: readonly HeaderField[], name: string): string[] {
  return valuesOf(fields, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}
