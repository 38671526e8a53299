import { isIPv4, isIPv6 } from 'node:net';
import { canonicalAddress } from '../matching/canonical-address.ts';
import type { ProxyHeaderResult } from './proxy-header.ts';

const start = Buffer.from('PROXY ');
/** With both line ends, as the protocol says. */
const longestLine = 107;
const port = '(?:0|[1-9][0-9]{0,4})';
const addressed = new RegExp(`^PROXY TCP([46]) ([0-9a-fA-F.:]{1,45}) ([0-9a-fA-F.:]{1,45}) (${port}) (${port})$`);

/** Reads the readable form: `PROXY TCP4 <source> <destination> <source port> <destination port>` and a line end. */
export function readVersion1(bytes: Buffer, length: number): ProxyHeaderResult {
  const common = Math.min(length, start.length);
  if (bytes.compare(start, 0, common, 0, common) !== 0) return 'bad';
  const window = bytes.subarray(0, Math.min(length, longestLine));
  const lineEnd = window.indexOf('\r\n');
  if (lineEnd < 0) return length < longestLine ? 'incomplete' : 'bad';
  const line = window.toString('latin1', 0, lineEnd);
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) return { length: lineEnd + 2, source: null };
  const [, family, source = '', destination = '', ...ports] = addressed.exec(line) ?? [];
  const isAddress = family === '4' ? isIPv4 : isIPv6;
  if (!isAddress(source) || !isAddress(destination) || ports.some((text) => Number(text) > 65_535)) return 'bad';
  return { length: lineEnd + 2, source: canonicalAddress(source) };
}
