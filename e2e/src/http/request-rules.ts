import { type HeaderField, isToken, listOf, valuesOf } from './header-fields.ts';

/** Why a head that can be taken apart is refused nevertheless. */
export type HeadFault =
  | 'request line'
  | 'method'
  | 'CONNECT'
  | 'target'
  | 'version'
  | 'Host'
  | 'authority'
  | 'Content-Length'
  | 'Transfer-Encoding'
  | 'Transfer-Encoding in HTTP/1.0'
  | 'both framings'
  | 'Connection';

/** The request line taken apart. */
export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

/** How long the body is. */
export type Framing = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' };

const hostPattern = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9\-._~]+)(?::\d{1,5})?$/;
const absoluteForm = /^https?:\/\/([^/?#]+)([^#]*)$/i;
const framingFields = ['content-length', 'transfer-encoding', 'host'];

/** RFC 9112, 3: exactly two spaces, a token, a target of a known form, HTTP/1.0 or HTTP/1.1. */
export function readRequestLine(line: string): RequestLine | HeadFault {
  const [method, target, version, ...more] = line.split(' ');
  if (method === undefined || target === undefined || version === undefined || more.length > 0) return 'request line';
  if (!isToken(method)) return 'method';
  if (method === 'CONNECT') return 'CONNECT';
  if (!/^[\x21-\x7e\x80-\xff]+$/.test(target) || !isKnownForm(method, target)) return 'target';
  if (version !== 'HTTP/1.1' && version !== 'HTTP/1.0') return 'version';
  return { method, target, version: version === 'HTTP/1.1' ? '1.1' : '1.0' };
}

function isKnownForm(method: string, target: string): boolean {
  if (target.includes('#')) return false;
  return target.startsWith('/') || absoluteForm.test(target) || (target === '*' && method === 'OPTIONS');
}

/** RFC 9112, 3.2: one Host, well-formed, and the same authority in an absolute form. Absent is allowed in HTTP/1.0. */
export function findHostFault({ target, version }: RequestLine, fields: readonly HeaderField[]): HeadFault | null {
  const hosts = valuesOf(fields, 'host');
  const [host] = hosts;
  if (host === undefined) return version === '1.0' ? null : 'Host';
  if (hosts.length > 1 || !hostPattern.test(host)) return 'Host';
  const authority = absoluteForm.exec(target)?.[1];
  return authority === undefined || authority.toLowerCase() === host.toLowerCase() ? null : 'authority';
}

/** RFC 9112, 6: where the body ends; every doubt is a fault. */
export function readFraming({ version }: RequestLine, fields: readonly HeaderField[]): Framing | HeadFault {
  const lengths = valuesOf(fields, 'content-length');
  const codings = valuesOf(fields, 'transfer-encoding');
  if (lengths.length > 0 && codings.length > 0) return 'both framings';
  if (listOf(fields, 'connection').some((option) => framingFields.includes(option))) return 'Connection';
  if (codings.length > 0) {
    if (version === '1.0') return 'Transfer-Encoding in HTTP/1.0';
    return codings.length === 1 && codings[0]?.toLowerCase() === 'chunked' ? { kind: 'chunked' } : 'Transfer-Encoding';
  }
  const [length = '0'] = lengths;
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) return 'Content-Length';
  return { kind: 'length', bytes: Number(length) };
}

/** The target as an upstream gets it: origin form. */
export function originTarget(target: string): string {
  if (target === '*') return '/*';
  const rest = absoluteForm.exec(target)?.[2];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * A form that is the same for targets that mean the same (RFC 3986, 6.2.2): escapes of unreserved characters resolved, the others in
 * capitals, dot segments resolved. Gateways may write a target in either way.
 */
export function canonicalTarget(target: string): string {
  const [path = '', ...query] = originTarget(target).split('?');
  const unescaped = path.replaceAll(/%[0-9a-fA-F]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });
  return [withoutDots(unescaped), ...query].join('?');
}

function withoutDots(path: string): string {
  const segments = path.split('/').slice(1);
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const isFolder = /^\.{1,2}$/.test(segments.at(-1) ?? '');
  return `/${kept.join('/')}${isFolder && kept.length > 0 ? '/' : ''}`;
}
