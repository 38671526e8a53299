import { STATUS_CODES } from 'node:http';
import type { CallState } from '../execute/call-state.ts';
import type { AnswerFraming } from '../exchange/answer.ts';
import type { HeaderList } from '../execute/header-list.ts';
import type { ResponseReader } from './response-reader.ts';
import { writeAll, writeAscii, writeBytes, writeInteger } from './write.ts';

/** What Connection says; null = nothing, because it is the default of the client's version. */
export type ConnectionOption = 'close' | 'keep-alive' | null;

/** Fields of one answer may be this long together; beyond it could overrun the scratch buffer. */
const mostHeadBytes = 72 * 1024;

const version = Buffer.from('HTTP/1.1 ');
const requestIdName = Buffer.from('X-Request-Id: ');
const lengthName = Buffer.from('\r\nContent-Length: ');
const chunkedLine = Buffer.from('\r\nTransfer-Encoding: chunked');
const closeLine = Buffer.from('\r\nConnection: close');
const keepAliveLine = Buffer.from('\r\nConnection: keep-alive');
const headEnd = Buffer.from('\r\n\r\n');

/** The status line and end-to-end fields of an upstream's answer as they came, less what `added` replaces, and then `added`. */
export function writeForwardedFields(
  target: Buffer,
  reader: ResponseReader,
  bytes: Buffer,
  added: HeaderList | null,
): number {
  let at = writeAll(target, 0, version);
  at = writeInteger(target, at, reader.status);
  // The space before a reason phrase is not optional, the phrase is.
  if (reader.reasonStart === reader.reasonEnd) target[at++] = 0x20;
  else at = writeBytes(target, at, bytes, reader.reasonStart, reader.reasonEnd);
  target[at++] = 13;
  target[at++] = 10;
  at = writeEndToEndFields(target, at, reader, bytes, added);
  return added === null ? at : writeList(target, at, added);
}

/** The status line and fields of an answer whose fields are a list. @returns the offset behind them, or −1 when they are too long. */
export function writeListedFields(
  target: Buffer,
  { status, headers }: { status: number; headers: HeaderList },
): number {
  let at = writeAll(target, 0, version);
  at = writeInteger(target, at, status);
  at = writeAscii(target, at, ` ${STATUS_CODES[status] ?? ''}\r\n`);
  return writeList(target, at, headers);
}

/** Copies the fields that pass, runs of neighbours at once. */
function writeEndToEndFields(
  target: Buffer,
  offset: number,
  reader: ResponseReader,
  bytes: Buffer,
  added: HeaderList | null,
): number {
  const { fields } = reader;
  let at = offset;
  let runStart = -1;
  let runEnd = -1;
  for (let index = 0; index < fields.count; index++) {
    const nameStart = fields.nameStart(index);
    const passes =
      reader.isEndToEnd(bytes, index) && (added === null || !added.hasNameAt(bytes, nameStart, fields.nameEnd(index)));
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
    const value = list.rawValueAt(index);
    if (at + name.length + (typeof value === 'string' ? value.length : 20) > mostHeadBytes) return -1;
    at = writeAscii(target, at, name);
    target[at++] = 0x3a;
    target[at++] = 0x20;
    at = typeof value === 'string' ? writeAscii(target, at, value) : writeInteger(target, at, value);
    target[at++] = 13;
    target[at++] = 10;
  }
  return at;
}

/** What knows a request id. */
type Identified = Pick<CallState, 'writeRequestId'>;

/** What the engine itself says in every answer. @param dateLine the Date line, or empty when there is one already. */
export function writeOwnFields(target: Buffer, offset: number, dateLine: string, id: Identified): number {
  let at = writeAscii(target, offset, dateLine);
  at = writeAll(target, at, requestIdName);
  return id.writeRequestId(target, at);
}

/** The end of a head, behind {@link writeOwnFields}. @returns the length of the head. */
export function writeHeadEnd(
  target: Buffer,
  offset: number,
  framing: AnswerFraming,
  connection: ConnectionOption,
): number {
  let at = offset;
  if (framing.kind === 'length') {
    at = writeAll(target, at, lengthName);
    at = writeInteger(target, at, framing.bytes);
  } else if (framing.kind === 'chunked') {
    at = writeAll(target, at, chunkedLine);
  }
  if (connection !== null) {
    at = writeAll(target, at, connection === 'close' ? closeLine : keepAliveLine);
  }
  return writeAll(target, at, headEnd);
}
