import { engineErrors } from '../engine.errors.ts';
import { field, fieldKindOf } from '../http1/field-names.ts';
import type { HeadFault } from '../http1/header-block.ts';
import { hostOf, isAuthority, isRequestId } from '../http1/request-fields.ts';
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

/** Tells the results of {@link RequestReader.read} apart. */
export function isFault(read: StreamRequest | HeadFault): read is HeadFault {
  return 'error' in read;
}

const separators = 4;
const targetPattern = /^\/[\x21\x22\x24-\x7e]*$/;

/**
 * Reads the header sections of a connection's requests. What makes a section malformed in itself (order, names, repeated pseudo-headers,
 * fields of HTTP/1's connections, a length that the frames contradict) has been refused by then, with a reset of the stream.
 */
export class RequestReader {
  readonly #limitBytes: number;
  /** The authority that came last, and its host: most connections ask for one only. */
  #authority = '';
  #host = '';

  /** @param limitBytes of what would be request line and headers in HTTP/1.1; beyond: 431. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @param raw name, value, name, value …; pseudo-headers first. */
  read(raw: readonly string[]): StreamRequest | HeadFault {
    let method = '';
    let path = '';
    let scheme = '';
    let authority: string | null = null;
    let start = 0;
    for (; start < raw.length && raw[start]!.charCodeAt(0) === 0x3a; start += 2) {
      const value = raw[start + 1]!;
      if (raw[start] === ':method') method = value;
      else if (raw[start] === ':path') path = value;
      else if (raw[start] === ':scheme') scheme = value;
      else if (raw[start] === ':authority') authority = value;
    }
    let length = 0;
    let host: string | null = null;
    let expect: string | null = null;
    let contentLength: number | null = null;
    let requestId: string | null = null;
    let isGrpc = false;
    let hasForwarded = false;
    let cookies = 0;
    for (let index = start; index < raw.length; index += 2) {
      const name = raw[index]!;
      const value = raw[index + 1]!;
      length += name.length + value.length + separators;
      switch (fieldKindOf(name)) {
        case field.other:
          if (name === 'cookie') cookies++;
          else if (name === 'content-type') isGrpc = isGrpcType(value);
          break;
        case field.host:
          host = value;
          break;
        case field.contentLength:
          contentLength = Number(value);
          break;
        case field.expect:
          expect = value;
          break;
        case field.requestId:
          requestId = isRequestId(value) ? value : null;
          break;
        case field.forwarded:
          hasForwarded = true;
          break;
        default:
      }
    }
    if (length + method.length + path.length > this.#limitBytes) {
      return { error: engineErrors.headTooLarge, detail: engineErrors.headTooLarge.title };
    }
    if (!isServedMethod(method)) return { error: engineErrors.notImplemented, detail: 'the method is not supported' };
    const target = path === '*' && method === 'OPTIONS' ? '/*' : path;
    if (!targetPattern.test(target) || !isScheme(scheme)) return bad('the request target is malformed');
    if (!this.#readAuthority(authority ?? host ?? '')) return bad('the authority is missing or malformed');
    if (host !== null && host.toLowerCase() !== this.#authority.toLowerCase()) {
      return bad('Host and :authority differ');
    }
    if (expect !== null && expect.toLowerCase() !== '100-continue') {
      return { error: engineErrors.expectationFailed, detail: engineErrors.expectationFailed.title };
    }
    const facts = { start, length, authority: this.#authority, host: this.#host, requestId, hasForwarded, cookies };
    return {
      method,
      target,
      fields: new StreamFields(raw, facts),
      contentLength,
      expectsContinue: expect !== null,
      isGrpc,
    };
  }

  #readAuthority(authority: string): boolean {
    if (authority === this.#authority && authority !== '') return true;
    if (!isAuthority(authority)) return false;
    this.#authority = authority;
    this.#host = hostOf(authority);
    return true;
  }
}

function isScheme(scheme: string): boolean {
  return scheme === 'https' || scheme === 'http' || /^https?$/i.test(scheme);
}

function bad(detail: string): HeadFault {
  return { error: engineErrors.badRequest, detail };
}
