import { STATUS_CODES } from 'node:http';
import type { HeaderList } from '../execute/header-list.ts';
import type { ResponseReader } from './response-reader.ts';
import { writeAscii, writeBytes, writeInteger } from './write.ts';

/** How the client learns where an answer ends. */
export type AnswerFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' | 'until-close' };

/** What the engine itself says in every answer. */
export interface AnswerTail {
  readonly requestId: string;
  /** The Date line, or empty when there is one already. */
  readonly dateLine: string;
  readonly framing: AnswerFraming;
  /** What Connection says; null = nothing, because it is the default of the client's version. */
  readonly connection: 'close' | 'keep-alive' | null;
}

/** Fields of one answer may be this long together; beyond it could overrun the scratch buffer. */
const mostHeadBytes = 72 * 1024;

/** An upstream's answer as it came, less what concerns its hop and what `added` replaces. */
export function writeForwardedHead(
  target: Buffer,
  { reader, bytes, added, tail }: { reader: ResponseReader; bytes: Buffer; added: HeaderList | null; tail: AnswerTail },
): number {
  let at = writeAscii(target, 0, 'HTTP/1.1 ');
  at = writeInteger(target, at, reader.status);
  // The space before a reason phrase is not optional, the phrase is.
  at =
    reader.reasonStart === reader.reasonEnd
      ? writeAscii(target, at, ' ')
      : writeBytes(target, at, bytes, reader.reasonStart, reader.reasonEnd);
  at = writeAscii(target, at, '\r\n');
  at = writeEndToEndFields(target, at, { reader, bytes, added });
  if (added !== null) at = writeList(target, at, added);
  return writeTail(target, at, tail);
}

/** An answer whose fields are a list. @returns its length, or −1 when it is too long to send. */
export function writeListedHead(
  target: Buffer,
  { status, headers, tail }: { status: number; headers: HeaderList; tail: AnswerTail },
): number {
  let at = writeAscii(target, 0, 'HTTP/1.1 ');
  at = writeInteger(target, at, status);
  at = writeAscii(target, at, ` ${STATUS_CODES[status] ?? ''}\r\n`);
  at = writeList(target, at, headers);
  return at < 0 ? -1 : writeTail(target, at, tail);
}

/** Copies the fields that pass, runs of neighbours at once. */
function writeEndToEndFields(
  target: Buffer,
  offset: number,
  { reader, bytes, added }: { reader: ResponseReader; bytes: Buffer; added: HeaderList | null },
): number {
  const { fields } = reader;
  let at = offset;
  let runStart = -1;
  let runEnd = -1;
  for (let index = 0; index < fields.count; index++) {
    const nameStart = fields.nameStart(index);
    const passes =
      reader.isEndToEnd(bytes, index) && !(added?.hasNameAt(bytes, nameStart, fields.nameEnd(index)) ?? false);
    if (passes) {
      if (runStart < 0) runStart = nameStart;
      runEnd = fields.lineEnd(index);
    } else if (runStart >= 0) {
      at = writeBytes(target, at, bytes, runStart, runEnd);
      runStart = -1;
    }
  }
  return runStart < 0 ? at : writeBytes(target, at, bytes, runStart, runEnd);
}

function writeList(target: Buffer, offset: number, list: HeaderList): number {
  let at = offset;
  for (let index = 0; index < list.size; index++) {
    const name = list.nameAt(index);
    const value = list.valueAt(index);
    if (at + name.length + value.length > mostHeadBytes) return -1;
    at = writeAscii(target, at, name);
    at = writeAscii(target, at, ': ');
    at = writeAscii(target, at, value);
    at = writeAscii(target, at, '\r\n');
  }
  return at;
}

function writeTail(target: Buffer, offset: number, { requestId, dateLine, framing, connection }: AnswerTail): number {
  let at = writeAscii(target, offset, dateLine);
  at = writeAscii(target, at, 'X-Request-Id: ');
  at = writeAscii(target, at, requestId);
  if (framing.kind === 'length') {
    at = writeAscii(target, at, '\r\nContent-Length: ');
    at = writeInteger(target, at, framing.bytes);
  } else if (framing.kind === 'chunked') {
    at = writeAscii(target, at, '\r\nTransfer-Encoding: chunked');
  }
  if (connection !== null) {
    at = writeAscii(target, at, connection === 'close' ? '\r\nConnection: close' : '\r\nConnection: keep-alive');
  }
  return writeAscii(target, at, '\r\n\r\n');
}
