import type { RequestHeadParts } from '../http1/request-head.ts';
import { asksForTrailers } from '../http1/trailers.ts';

/** A request's header section may be this long together, as `node:http2` has it. */
const mostHeadBytes = 64 * 1024;

/** The header section of a request to an upstream: name, value, name, value …; null when it is too long to send. */
export function requestHeaders(
  { call, forwarded, body }: RequestHeadParts,
  { scheme, host }: { scheme: 'http' | 'https'; host: string },
): string[] | null {
  const { changedRequest, block } = call;
  const method = changedRequest === null ? call.method : changedRequest.method;
  const path = changedRequest === null ? call.target : changedRequest.target;
  const headers = [':method', method, ':scheme', scheme, ':authority', host, ':path', path];
  const pairs = forwarded.toPairs(call);
  let bytes = path.length + host.length;
  for (let index = 0; index < pairs.length; index += 2) {
    const name = pairs[index]!.toLowerCase();
    const value = pairs[index + 1]!;
    bytes += name.length + value.length + 4;
    headers.push(name, value);
  }
  if (bytes > mostHeadBytes) return null;
  headers.push('x-request-id', call.requestId);
  if (body !== null && body.bytes !== null) headers.push('content-length', String(body.bytes));
  // Servers of gRPC take it as the sign of a client that can read their status.
  if (asksForTrailers(block.header('te'))) headers.push('te', 'trailers');
  return headers;
}
