import type { IncomingMessage } from 'node:http';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { engineErrors } from '../engine.errors.ts';
import type { HeaderList } from './header-list.ts';
import { connectionOptions } from './hop-by-hop.ts';

/** Where a request is going, taken from its head. */
export interface RequestTarget {
  /** Lower-case, without port and trailing dot. */
  readonly host: string;
  /** As it stood in Host. */
  readonly authority: string;
  /** Origin form: path and query. */
  readonly target: string;
}

/** Why a head is refused. */
export interface HeadFault {
  readonly error: ErrorDefinition;
  readonly detail: string;
}

const authorityPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9\-._~]+)(?::\d{1,5})?$/;
const framingHeaders = ['content-length', 'transfer-encoding', 'host'];

/**
 * Refuses what Node's parser lets pass but another server could read differently (RFC 9112), and takes the target apart.
 * What Node's parser itself refuses never gets here.
 */
export function checkHead(request: IncomingMessage, headers: HeaderList): RequestTarget | HeadFault {
  return findFramingFault(request, headers) ?? readTarget(request, headers);
}

/** Tells the two results of {@link checkHead} apart. */
export function isHeadFault(result: RequestTarget | HeadFault): result is HeadFault {
  return 'error' in result;
}

function findFramingFault(request: IncomingMessage, headers: HeaderList): HeadFault | null {
  const { httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return bad('the HTTP version is not supported');
  const lengths = headers.getAll('content-length');
  if (lengths.length > 1 || lengths.some((length) => !/^\d{1,15}$/.test(length)))
    return bad('Content-Length is not one number');
  const codings = headers.getAll('transfer-encoding');
  if (codings.length > 0) {
    if (httpVersion === '1.0') return bad('Transfer-Encoding is not part of HTTP/1.0');
    if (lengths.length > 0) return bad('both Content-Length and Transfer-Encoding');
    if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') {
      return { error: engineErrors.notImplemented, detail: 'only the chunked transfer coding is supported' };
    }
  }
  const options = connectionOptions(headers);
  if (framingHeaders.some((name) => options.has(name))) return bad('Connection names a framing header');
  return null;
}

function readTarget(request: IncomingMessage, headers: HeaderList): RequestTarget | HeadFault {
  const hosts = headers.getAll('host');
  const [authority = ''] = hosts;
  if (hosts.length !== 1 || !authorityPattern.test(authority)) return bad('Host is missing, repeated or malformed');
  const target = originForm(request.url ?? '', request.method ?? '', authority);
  if (target === null || target.includes('#')) return bad('the request target is malformed or of another authority');
  const host = authority.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
  return { host, authority, target };
}

/** Origin form of a target; an absolute form must name the authority of Host. Null when it is neither. */
function originForm(url: string, method: string, authority: string): string | null {
  if (url.startsWith('/')) return url;
  if (url === '*' && method === 'OPTIONS') return '/*';
  const absolute = /^https?:\/\/([^/?#]+)([^#]*)$/i.exec(url);
  if (absolute?.[1]?.toLowerCase() !== authority.toLowerCase()) return null;
  const rest = absolute[2] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function bad(detail: string): HeadFault {
  return { error: engineErrors.badRequest, detail };
}
