import { type FieldFault, type HeaderField, readFields, readLine } from './header-fields.ts';

/** A chunked body as far as it is there. */
export type ChunkedBody =
  | {
      readonly kind: 'complete';
      readonly body: Buffer;
      readonly trailers: readonly HeaderField[];
      readonly next: number;
    }
  | { readonly kind: 'incomplete'; readonly body: Buffer }
  | { readonly kind: 'malformed'; readonly fault: FieldFault | 'chunk size' | 'chunk end'; readonly body: Buffer };

const sizeLine = /^([0-9A-Fa-f]{1,13})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;

/** Reads the chunked coding strictly (RFC 9112, 7.1): CRLF only, hexadecimal sizes, extensions skipped, trailers as fields. */
export function readChunked(bytes: Buffer, at: number): ChunkedBody {
  const chunks: Buffer[] = [];
  const body = (): Buffer => Buffer.concat(chunks);
  for (let next = at; ;) {
    const read = readLine(bytes, next);
    if (read === null) return { kind: 'incomplete', body: body() };
    if ('fault' in read) return { kind: 'malformed', fault: read.fault, body: body() };
    const size = sizeLine.exec(read.line)?.[1];
    if (size === undefined) return { kind: 'malformed', fault: 'chunk size', body: body() };
    const length = Number.parseInt(size, 16);
    if (length === 0) return readTrailers(bytes, read.next, body());
    const end = read.next + length;
    chunks.push(bytes.subarray(read.next, Math.min(end, bytes.length)));
    const isEnded = '\r\n'.startsWith(bytes.toString('latin1', end, end + 2));
    if (bytes.length > end && !isEnded) return { kind: 'malformed', fault: 'chunk end', body: body() };
    if (bytes.length < end + 2) return { kind: 'incomplete', body: body() };
    next = end + 2;
  }
}

function readTrailers(bytes: Buffer, at: number, body: Buffer): ChunkedBody {
  const read = readFields(bytes, at);
  if (read === null) return { kind: 'incomplete', body };
  if ('fault' in read) return { kind: 'malformed', fault: read.fault, body };
  return { kind: 'complete', body, trailers: read.fields, next: read.next };
}

/** One chunk, or with nothing the last one. */
export function chunk(content: string | Buffer = ''): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
