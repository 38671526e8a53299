import { readChunked } from './chunked-body.ts';
import { hasControls, type HeaderField, listOf, readFields, readLine, valuesOf } from './header-fields.ts';

/** How the end of an answer's body is told. */
export type AnswerFraming = 'none' | 'length' | 'chunked' | 'close';

/** One answer as it stood on the wire. */
export interface WireAnswer {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly HeaderField[];
  readonly framing: AnswerFraming;
  readonly body: Buffer;
  readonly trailers: readonly HeaderField[];
  /** Bytes of the stream that it took up. */
  readonly size: number;
}

/** What stands at the beginning of an answering stream. */
export type ParsedAnswer =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  /** `head` as soon as it is complete; then `body` is what has come of it. */
  | { readonly kind: 'incomplete'; readonly head: AnswerHead | null; readonly body: Buffer }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Status line and fields. */
export type AnswerHead = Pick<WireAnswer, 'version' | 'status' | 'reason' | 'fields' | 'framing'>;

/** Reads one answer strictly. `method` is the method of its request; `isEnded` says that nothing will follow the bytes. */
export function parseAnswer(bytes: Buffer, { method, isEnded }: { method: string; isEnded: boolean }): ParsedAnswer {
  const first = readLine(bytes, 0);
  if (first === null) return { kind: 'incomplete', head: null, body: Buffer.alloc(0) };
  if ('fault' in first) return { kind: 'malformed', reason: first.fault };
  const [, version, status, reason = ''] = /^HTTP\/(\d\.\d) (\d{3}) (.*)$/.exec(first.line) ?? [];
  if (version === undefined || status === undefined || hasControls(reason))
    return { kind: 'malformed', reason: `status line ${first.line}` };
  const read = readFields(bytes, first.next);
  if (read === null) return { kind: 'incomplete', head: null, body: Buffer.alloc(0) };
  if ('fault' in read) return { kind: 'malformed', reason: read.fault };
  const { fields, next } = read;
  const framing = framingOf(Number(status), method, fields);
  if (framing === null) return { kind: 'malformed', reason: 'framing of an answer' };
  const head = { version, status: Number(status), reason, fields, framing };
  return readAnswerBody(bytes, { head, bodyStart: next, isEnded });
}

function framingOf(status: number, method: string, fields: readonly HeaderField[]): AnswerFraming | null {
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (lengths.length > 1 || codings.length > 1 || lengths.length + codings.length > 1) return null;
  if (lengths.some((length) => !/^\d{1,15}$/.test(length))) return null;
  const mayFrame = status >= 200 && status !== 204;
  if (!mayFrame && lengths.length + codings.length > 0) return null;
  if (!mayFrame || status === 304 || method === 'HEAD') return 'none';
  if (codings.length > 0) return codings[0] === 'chunked' ? 'chunked' : null;
  return lengths.length > 0 ? 'length' : 'close';
}

function readAnswerBody(
  bytes: Buffer,
  { head, bodyStart, isEnded }: { head: AnswerHead; bodyStart: number; isEnded: boolean },
): ParsedAnswer {
  const answer = (body: Buffer, size: number, trailers: readonly HeaderField[] = []): ParsedAnswer => ({
    kind: 'answer',
    answer: { ...head, body, trailers, size },
  });
  switch (head.framing) {
    case 'none':
      return answer(Buffer.alloc(0), bodyStart);
    case 'close':
      if (!isEnded) return { kind: 'incomplete', head, body: bytes.subarray(bodyStart) };
      return answer(bytes.subarray(bodyStart), bytes.length);
    case 'length': {
      const end = bodyStart + Number(valuesOf(head.fields, 'content-length')[0]);
      const body = bytes.subarray(bodyStart, Math.min(end, bytes.length));
      return bytes.length < end ? { kind: 'incomplete', head, body } : answer(body, end);
    }
    case 'chunked': {
      const read = readChunked(bytes, bodyStart);
      if (read.kind === 'malformed') return { kind: 'malformed', reason: read.fault };
      if (read.kind === 'incomplete') return { kind: 'incomplete', head, body: read.body };
      return answer(read.body, read.next, read.trailers);
    }
  }
}

/** The answer says that its connection ends with it (RFC 9112, 9.3). */
export function announcesClose({ version, fields }: Pick<WireAnswer, 'version' | 'fields'>): boolean {
  const options = listOf(fields, 'connection');
  return options.includes('close') || (version === '1.0' && !options.includes('keep-alive'));
}
