import { isIPv6 } from 'node:net';
import { crc32c } from '../crc32c.ts';
import { signature } from '../version-2.ts';

/** What a header of a test says; `source` fills in family and block. */
export interface Version2Parts {
  readonly version?: number;
  readonly command?: number;
  readonly source?: string;
  readonly family?: number;
  readonly block?: Buffer;
  readonly extensions?: readonly Buffer[];
  readonly withChecksum?: boolean;
}

/** One extension (TLV) of a header. */
export function extension(type: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 0xff]), value]);
}

/** Composes a header of version 2. */
export function version2(parts: Version2Parts): Buffer {
  const { version = 2, command = 1, source = '192.0.2.1', extensions = [], withChecksum = false } = parts;
  const { family = isIPv6(source) ? 0x21 : 0x11, block = addressBlock(source) } = parts;
  const checksum = withChecksum ? [extension(3, Buffer.alloc(4))] : [];
  const rest = Buffer.concat([block, ...extensions, ...checksum]);
  const fixed = Buffer.from([...signature, version * 16 + command, family, rest.length >> 8, rest.length & 0xff]);
  const header = Buffer.concat([fixed, rest]);
  if (withChecksum) header.writeUInt32BE(crc32c(header), header.length - 4);
  return header;
}

function addressBlock(source: string): Buffer {
  const bytes = isIPv6(source) ? ipv6Bytes(source) : Buffer.from(source.split('.').map(Number));
  const ports = Buffer.from([0xdc, 0x04, 0x01, 0xbb]);
  return Buffer.concat([bytes, Buffer.alloc(bytes.length), ports]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [before, after] = [groups(head), groups(tail)];
  const all = [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
