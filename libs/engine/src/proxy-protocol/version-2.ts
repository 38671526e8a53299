import { canonicalAddress } from '../matching/canonical-address.ts';
import { crc32c } from './crc32c.ts';
import { longestProxyHeader, type ProxyHeaderResult } from './proxy-header.ts';

/** The first bytes of every header of version 2; no other protocol begins with them. */
export const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n');
const fixedLength = 16;
const version = 2;
const commands = { local: 0, proxy: 1 } as const;
/** By family and transport, which share a byte: the length of both addresses and ports, and how a source is read. */
const families: ReadonlyMap<
  number,
  { readonly length: number; readonly readSource: (addresses: Buffer) => string | null }
> = new Map([
  [0x11, { length: 12, readSource: (addresses: Buffer) => addresses.subarray(0, 4).join('.') }],
  [0x21, { length: 36, readSource: readIPv6 }],
  [0x31, { length: 216, readSource: () => null }],
]);
const unspecified = 0;
const checksumType = 0x03;
const noChecksum = new Uint8Array(4);

/** Reads the binary form. Extensions are skipped, but for the checksum, which must be right when there is one. */
export function readVersion2(bytes: Buffer, length: number): ProxyHeaderResult {
  const common = Math.min(length, signature.length);
  if (bytes.compare(signature, 0, common, 0, common) !== 0) return 'bad';
  if (length < fixedLength) return 'incomplete';
  const command = bytes[12]! & 0x0f;
  if (bytes[12]! >> 4 !== version || command > commands.proxy) return 'bad';
  const headerLength = fixedLength + bytes.readUInt16BE(14);
  if (headerLength > longestProxyHeader) return 'bad';
  if (length < headerLength) return 'incomplete';
  if (command === commands.local || bytes[13] === unspecified) return { length: headerLength, source: null };
  return readProxied(bytes.subarray(0, headerLength));
}

function readProxied(header: Buffer): ProxyHeaderResult {
  const family = families.get(header[13]!);
  if (family === undefined || header.length < fixedLength + family.length) return 'bad';
  const extensions = fixedLength + family.length;
  if (!areExtensionsRight(header, extensions)) return 'bad';
  return { length: header.length, source: family.readSource(header.subarray(fixedLength, extensions)) };
}

function areExtensionsRight(header: Buffer, from: number): boolean {
  let at = from;
  while (at < header.length) {
    if (at + 3 > header.length) return false;
    const value = at + 3;
    const end = value + header.readUInt16BE(at + 1);
    if (end > header.length) return false;
    if (header[at] === checksumType && (end - value !== 4 || !isChecksumRight(header, value))) return false;
    at = end;
  }
  return true;
}

/** The checksum is taken over the whole header with zeros in its own place. */
function isChecksumRight(header: Buffer, at: number): boolean {
  const before = crc32c(header.subarray(0, at));
  return crc32c(header.subarray(at + 4), crc32c(noChecksum, before)) === header.readUInt32BE(at);
}

function readIPv6(addresses: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => addresses.readUInt16BE(index * 2).toString(16));
  return canonicalAddress(groups.join(':'));
}
