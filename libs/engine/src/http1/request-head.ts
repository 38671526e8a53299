import type { CallState } from '../execute/call-state.ts';
import type { ForwardedFields } from './forwarded-fields.ts';
import type { ForwardedBody } from '../exchange/forwarded-body.ts';
import { writeAll, writeAscii, writeInteger } from './write.ts';

/** What the head of a request to an upstream is made of. */
export interface RequestHeadParts {
  readonly call: CallState;
  readonly forwarded: ForwardedFields;
  /** Null when there is none. */
  readonly body: ForwardedBody | null;
  /** The protocol to ask for, or null. */
  readonly upgrade: string | null;
}

/** A composed head may be this long; beyond it could overrun the scratch buffer. */
const mostHeadBytes = 64 * 1024;

const versionAndHost = Buffer.from(' HTTP/1.1\r\nHost: ');
const requestIdName = Buffer.from('X-Request-Id: ');
const lengthName = Buffer.from('\r\nContent-Length: ');
const headEnd = Buffer.from('\r\n\r\n');

/** Writes the head of a request to an upstream. @returns its length, or −1 when it is too long to send. */
export function writeRequestHead(
  target: Buffer,
  { call, forwarded, body, upgrade }: RequestHeadParts,
  host: string,
): number {
  const { changedRequest } = call;
  const method = changedRequest === null ? call.method : changedRequest.method;
  const path = changedRequest === null ? call.target : changedRequest.target;
  if (path.length + host.length > mostHeadBytes) return -1;
  let at = writeAscii(target, 0, method);
  target[at++] = 0x20;
  at = writeAscii(target, at, path);
  at = writeAll(target, at, versionAndHost);
  at = writeAscii(target, at, host);
  target[at++] = 13;
  target[at++] = 10;
  at = forwarded.write(target, at, call, mostHeadBytes);
  if (at < 0) return -1;
  at = writeAll(target, at, requestIdName);
  at = call.writeRequestId(target, at);
  if (body !== null) {
    if (body.bytes === null) {
      at = writeAscii(target, at, '\r\nTransfer-Encoding: chunked');
    } else {
      at = writeAll(target, at, lengthName);
      at = writeInteger(target, at, body.bytes);
    }
  }
  if (upgrade !== null) at = writeAscii(target, at, `\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}`);
  return writeAll(target, at, headEnd);
}
