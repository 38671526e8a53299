import { engineErrors } from '../engine.errors.ts';
import type { HeadFault } from '../http1/header-block.ts';
import { isAuthority, isRequestId } from '../http1/request-fields.ts';
import { isServedMethod } from '../http1/request-target.ts';
import { isGrpcType } from './grpc-status.ts';
import { StreamFields } from './stream-fields.ts';

/** A request of a stream, read and checked. */
export interface StreamRequest {
  readonly method: string;
  /** Origin form: path and query. */
  readonly target: string;
  readonly fields: StreamFields;
  /** Null when the length is not told. */
  readonly contentLength: number | null;
  readonly expectsContinue: boolean;
  /** The caller speaks gRPC, and takes errors as it does. */
  readonly isGrpc: boolean;
}

/** Tells the results of {@link readRequest} apart. */
export function isFault(read: StreamRequest | HeadFault): read is HeadFault {
  return 'error' in read;
}

const separators = 4;
const targetPattern = /^\/[\x21\x22\x24-\x7e]*$/;

/**
 * Reads a request's header section. What makes a section malformed in itself (order, names, repeated pseudo-headers, fields of HTTP/1's
 * connections, a length that the frames contradict) has been refused by then, with a reset of the stream.
 * @param raw name, value, name, value …; pseudo-headers first.
 * @param limitBytes of what would be request line and headers in HTTP/1.1; beyond: 431.
 */
export function readRequest(raw: readonly string[], limitBytes: number): StreamRequest | HeadFault {
  const pseudo: Record<string, string> = {};
  let at = 0;
  for (; at < raw.length && raw[at]!.startsWith(':'); at += 2) pseudo[raw[at]!] = raw[at + 1]!;
  const section = readFields(raw, at);
  const { ':method': method = '', ':path': path = '', ':scheme': scheme = '' } = pseudo;
  if (section.bytes + method.length + path.length > limitBytes) {
    return { error: engineErrors.headTooLarge, detail: engineErrors.headTooLarge.title };
  }
  if (!isServedMethod(method)) return { error: engineErrors.notImplemented, detail: 'the method is not supported' };
  const target = path === '*' && method === 'OPTIONS' ? '/*' : path;
  if (!targetPattern.test(target) || !/^https?$/i.test(scheme)) return bad('the request target is malformed');
  const authority = pseudo[':authority'] ?? section.host ?? '';
  if (!isAuthority(authority)) return bad('the authority is missing or malformed');
  if (section.host !== null && section.host.toLowerCase() !== authority.toLowerCase()) {
    return bad('Host and :authority differ');
  }
  const expect = section.expect?.toLowerCase();
  if (expect !== undefined && expect !== '100-continue') {
    return { error: engineErrors.expectationFailed, detail: engineErrors.expectationFailed.title };
  }
  return {
    method,
    target,
    fields: new StreamFields(['host', authority, ...section.pairs], { authority, requestId: section.requestId }),
    contentLength: section.contentLength,
    expectsContinue: expect !== undefined,
    isGrpc: section.isGrpc,
  };
}

interface Section {
  readonly pairs: string[];
  bytes: number;
  host: string | null;
  expect: string | null;
  contentLength: number | null;
  requestId: string | null;
  isGrpc: boolean;
}

function readFields(raw: readonly string[], start: number): Section {
  const section: Section = {
    pairs: [],
    bytes: 0,
    host: null,
    expect: null,
    contentLength: null,
    requestId: null,
    isGrpc: false,
  };
  const cookies: string[] = [];
  for (let index = start; index < raw.length; index += 2) {
    const name = raw[index]!;
    const value = raw[index + 1]!;
    section.bytes += name.length + value.length + separators;
    switch (name) {
      case 'host':
        section.host = value;
        continue;
      case 'cookie':
        cookies.push(value);
        continue;
      case 'content-length':
        section.contentLength = Number(value);
        break;
      case 'content-type':
        section.isGrpc = isGrpcType(value);
        break;
      case 'expect':
        section.expect = value;
        break;
      case 'x-request-id':
        section.requestId = isRequestId(value) ? value : null;
        break;
      default:
    }
    section.pairs.push(name, value);
  }
  // Crumbs are one field for everybody else (RFC 9113, 8.2.3).
  if (cookies.length > 0) section.pairs.push('cookie', cookies.join('; '));
  return section;
}

function bad(detail: string): HeadFault {
  return { error: engineErrors.badRequest, detail };
}
