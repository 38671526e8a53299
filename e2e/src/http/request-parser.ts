import { readChunked } from './chunked-body.ts';
import { type FieldFault, type HeaderField, readFields, readLine } from './header-fields.ts';
import {
  findHostFault,
  type Framing,
  type HeadFault,
  readFraming,
  readRequestLine,
  type RequestLine,
} from './request-rules.ts';

/** A complete head. */
export interface RequestHead extends RequestLine {
  readonly fields: readonly HeaderField[];
  readonly framing: Framing;
}

/** A complete request, and the bytes of the stream that it took up. */
export interface WireRequest extends RequestHead {
  readonly body: Buffer;
  readonly trailers: readonly HeaderField[];
  /** First byte, after empty lines. */
  readonly start: number;
  /** First byte after it. */
  readonly end: number;
}

/** Every reason for which the reference refuses bytes. */
export type RequestFault = HeadFault | FieldFault | 'chunk size' | 'chunk end';

/** What stands at one place of a byte stream. */
export type ParsedRequest =
  | { readonly kind: 'request'; readonly request: WireRequest }
  | { readonly kind: 'incomplete'; readonly head: RequestHead | null; readonly body: Buffer; readonly start: number }
  | {
      readonly kind: 'malformed';
      readonly fault: RequestFault;
      /** Set when the head was right and the body is not. */
      readonly head: RequestHead | null;
      readonly start: number;
    };

/**
 * The strict reference: reads one request of RFC 9112 from `bytes`, starting at `at`. It accepts whatever has only one reading, and refuses
 * all that servers are known to read differently.
 */
export function parseRequest(bytes: Buffer, at = 0): ParsedRequest {
  const start = skipEmptyLines(bytes, at);
  const malformed = (fault: RequestFault, head: RequestHead | null = null): ParsedRequest => ({
    kind: 'malformed',
    fault,
    head,
    start,
  });
  const first = readLine(bytes, start);
  if (first === null) return { kind: 'incomplete', head: null, body: Buffer.alloc(0), start };
  if ('fault' in first) return malformed(first.fault);
  const line = readRequestLine(first.line);
  if (typeof line === 'string') return malformed(line);
  const read = readFields(bytes, first.next);
  if (read === null) return { kind: 'incomplete', head: null, body: Buffer.alloc(0), start };
  if ('fault' in read) return malformed(read.fault);
  const framing = readFraming(line, read.fields);
  if (typeof framing === 'string') return malformed(framing);
  const hostFault = findHostFault(line, read.fields);
  if (hostFault !== null) return malformed(hostFault);
  return readBody(bytes, { head: { ...line, fields: read.fields, framing }, start, bodyStart: read.next });
}

function readBody(
  bytes: Buffer,
  { head, start, bodyStart }: { head: RequestHead; start: number; bodyStart: number },
): ParsedRequest {
  if (head.framing.kind === 'length') {
    const end = bodyStart + head.framing.bytes;
    const body = bytes.subarray(bodyStart, Math.min(end, bytes.length));
    if (bytes.length < end) return { kind: 'incomplete', head, body, start };
    return { kind: 'request', request: { ...head, body, trailers: [], start, end } };
  }
  const read = readChunked(bytes, bodyStart);
  if (read.kind === 'malformed') return { kind: 'malformed', fault: read.fault, head, start };
  if (read.kind === 'incomplete') return { kind: 'incomplete', head, body: read.body, start };
  return { kind: 'request', request: { ...head, body: read.body, trailers: read.trailers, start, end: read.next } };
}

/** RFC 9112, 2.2: empty lines before a request line say nothing. */
function skipEmptyLines(bytes: Buffer, at: number): number {
  let start = at;
  while (bytes[start] === 0x0d && bytes[start + 1] === 0x0a) start += 2;
  return start;
}

/** A whole stream: its requests, and what stands after the last of them. */
export interface RequestStream {
  readonly requests: readonly WireRequest[];
  /** `kind` is `incomplete` with nothing left when the stream ends cleanly. */
  readonly rest: Exclude<ParsedRequest, { kind: 'request' }>;
}

/** Reads requests until the bytes end or are wrong. */
export function parseRequests(bytes: Buffer): RequestStream {
  const requests: WireRequest[] = [];
  for (let at = 0; ;) {
    const parsed = parseRequest(bytes, at);
    if (parsed.kind !== 'request') return { requests, rest: parsed };
    requests.push(parsed.request);
    at = parsed.request.end;
  }
}
