import type { CallState } from '../execute/call-state.ts';
import { writeAscii, writeBytes, writeInteger } from './write.ts';

/** What is added to the fields that a client has sent. */
export interface RequestHeadParts {
  readonly call: CallState;
  readonly host: string;
  /** See `forwardedSection`. */
  readonly section: Buffer;
  /** How the body leaves; null when there is none. */
  readonly body: { readonly bytes: number | null } | null;
  /** The protocol to ask for, or null. */
  readonly upgrade: string | null;
}

/** A composed head may be this long; beyond it could overrun the scratch buffer. */
const mostHeadBytes = 64 * 1024;

/** Writes the head of a request to an upstream. @returns its length, or −1 when it is too long to send. */
export function writeRequestHead(target: Buffer, { call, host, section, body, upgrade }: RequestHeadParts): number {
  const { changedRequest } = call;
  const method = changedRequest?.method ?? call.method;
  const path = changedRequest?.target ?? call.target;
  if (path.length + host.length + section.length > mostHeadBytes) return -1;
  let at = writeAscii(target, 0, method);
  target[at++] = 0x20;
  at = writeAscii(target, at, path);
  at = writeAscii(target, at, ' HTTP/1.1\r\nHost: ');
  at = writeAscii(target, at, host);
  at = writeAscii(target, at, '\r\n');
  at = writeBytes(target, at, section, 0, section.length);
  at = writeAscii(target, at, 'X-Request-Id: ');
  at = writeAscii(target, at, call.requestId);
  if (body !== null) {
    if (body.bytes === null) {
      at = writeAscii(target, at, '\r\nTransfer-Encoding: chunked');
    } else {
      at = writeAscii(target, at, '\r\nContent-Length: ');
      at = writeInteger(target, at, body.bytes);
    }
  }
  if (upgrade !== null) at = writeAscii(target, at, `\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}`);
  return writeAscii(target, at, '\r\n\r\n');
}
