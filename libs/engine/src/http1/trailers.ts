import { HeaderList } from '../execute/header-list.ts';
import { field, fieldKindOf } from './field-names.ts';
import { writeAscii } from './write.ts';

/** What may not be said behind a body (RFC 9110, 6.5.1): framing, routing, authentication, what the content is, how it is to be kept. */
const forbiddenNames = new Set([
  ...['authorization', 'proxy-authorization', 'www-authenticate', 'proxy-authenticate', 'set-cookie', 'cookie'],
  ...['content-encoding', 'content-type', 'content-range', 'cache-control', 'expires', 'age', 'vary', 'location'],
  ...['max-forwards', 'range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
]);
/** Trailers may be this long together; beyond they are dropped, as any recipient may (RFC 9110, 6.5.1). */
const mostTrailerBytes = 8 * 1024;

/** The trailers among these fields that are passed on; null when none is. @param pairs name, value, name, value … */
export function passedTrailers(pairs: readonly string[]): HeaderList | null {
  const passed: string[] = [];
  let bytes = 0;
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const name = pairs[index]!;
    const value = pairs[index + 1]!;
    if (name.startsWith(':') || fieldKindOf(name) !== field.other || forbiddenNames.has(name.toLowerCase())) continue;
    passed.push(name, value);
    bytes += name.length + value.length + 4;
  }
  return passed.length === 0 || bytes > mostTrailerBytes ? null : new HeaderList(passed);
}

/** Reads the lines of a trailer section that has been checked. */
export function parseTrailers(text: string): HeaderList | null {
  const pairs: string[] = [];
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) pairs.push(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return passedTrailers(pairs);
}

/** Whether a value of TE says that trailers are taken. */
export function asksForTrailers(te: string | undefined): boolean {
  return te !== undefined && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(te);
}

/** Writes a trailer section with its empty line. @returns the offset behind it. */
export function writeTrailers(target: Buffer, offset: number, trailers: HeaderList): number {
  let at = offset;
  for (const [name, value] of trailers) at = writeAscii(target, at, `${name}: ${value}\r\n`);
  return writeAscii(target, at, '\r\n');
}
