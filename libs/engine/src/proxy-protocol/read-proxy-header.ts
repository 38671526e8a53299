import type { ProxyHeaderResult } from './proxy-header.ts';
import { readVersion1 } from './version-1.ts';
import { readVersion2, signature } from './version-2.ts';

/** Reads a header of PROXY protocol version 1 or 2 from bytes 0 to `length`. */
export function readProxyHeader(bytes: Buffer, length: number): ProxyHeaderResult {
  if (length === 0) return 'incomplete';
  return bytes[0] === signature[0] ? readVersion2(bytes, length) : readVersion1(bytes, length);
}
