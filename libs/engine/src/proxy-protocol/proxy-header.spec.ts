import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { longestProxyHeader } from './proxy-header.ts';
import { readProxyHeader } from './read-proxy-header.ts';
import { extension, version2 } from './testing/version-2-header.ts';

const read = (header: string | Buffer) => {
  const bytes = Buffer.from(header);
  return readProxyHeader(bytes, bytes.length);
};

describe('a header of version 1', () => {
  it('tells the source of IPv4 and IPv6 connections, in one form', () => {
    expect(read('PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\nGET')).toEqual({ length: 43, source: '203.0.113.7' });
    expect(read('PROXY TCP6 2001:DB8:0:0::7 ::1 1 65535\r\n')).toMatchObject({ source: '2001:db8::7' });
    expect(read('PROXY TCP6 ::ffff:203.0.113.7 ::1 1 2\r\n')).toMatchObject({ source: '203.0.113.7' });
  });

  it('may know nothing', () => {
    expect(read('PROXY UNKNOWN\r\n')).toEqual({ length: 15, source: null });
    expect(read(`PROXY UNKNOWN ${'f'.repeat(91)}\r\n`)).toEqual({ length: 107, source: null });
  });

  it.each([
    'GET / HTTP/1.1\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 56324\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 56324 65536\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 56324 0443\r\n',
    'PROXY TCP4 203.0.113.256 10.0.0.1 1 2\r\n',
    'PROXY TCP4 ::1 ::1 1 2\r\n',
    'PROXY TCP6 10.0.0.1 10.0.0.1 1 2\r\n',
    'PROXY TCP4  203.0.113.7 10.0.0.1 1 2\r\n',
    'PROXY TCP4 203.0.113.7 10.0.0.1 1 2 \r\n',
    'PROXY UDP4 203.0.113.7 10.0.0.1 1 2\r\n',
    'proxy TCP4 203.0.113.7 10.0.0.1 1 2\r\n',
    `PROXY UNKNOWN ${'f'.repeat(92)}\r\n`,
  ])('is refused when it is %j', (header) => {
    expect(read(header)).toBe('bad');
  });
});

describe('a header of version 2', () => {
  it('tells the source of IPv4 and IPv6 connections, in one form', () => {
    expect(read(version2({ source: '203.0.113.7' }))).toEqual({ length: 28, source: '203.0.113.7' });
    expect(read(version2({ source: '2001:db8::7' }))).toEqual({ length: 52, source: '2001:db8::7' });
    expect(read(version2({ source: '::ffff:203.0.113.7' }))).toMatchObject({ source: '203.0.113.7' });
  });

  it('tells nothing for connections of the proxy itself and of unknown or local families', () => {
    expect(read(version2({ source: '203.0.113.7', command: 0 }))).toEqual({ length: 28, source: null });
    expect(read(version2({ family: 0, block: Buffer.alloc(9) }))).toEqual({ length: 25, source: null });
    expect(read(version2({ family: 0x31, block: Buffer.alloc(216) }))).toEqual({ length: 232, source: null });
  });

  it('may have extensions, which are skipped', () => {
    const extensions = [extension(0x01, Buffer.from('h2')), extension(0x05, Buffer.alloc(128))];
    expect(read(version2({ source: '203.0.113.7', extensions }))).toMatchObject({ source: '203.0.113.7' });
  });

  it('has to fit its checksum when it has one', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    const header = version2({ source: '203.0.113.7', withChecksum: true });
    expect(read(header)).toMatchObject({ source: '203.0.113.7' });
    header[16]! ^= 1;
    expect(read(header)).toBe('bad');
  });

  it.each([
    ['of another version', version2({ source: '203.0.113.7', version: 3 })],
    ['of an unknown command', version2({ source: '203.0.113.7', command: 2 })],
    ['of datagrams', version2({ family: 0x12, block: Buffer.alloc(12) })],
    ['shorter than its addresses', version2({ family: 0x11, block: Buffer.alloc(11) })],
    ['with half an extension', version2({ source: '203.0.113.7', extensions: [Buffer.from([1, 0])] })],
    ['with an extension past its end', version2({ source: '203.0.113.7', extensions: [Buffer.from([1, 0, 2, 0])] })],
    ['with an odd checksum', version2({ source: '203.0.113.7', extensions: [extension(3, Buffer.alloc(3))] })],
    ['without the signature', Buffer.from('\r\n\r\n\0\r\nQUIX\n')],
  ])('is refused when it is one %s', (_, header) => {
    expect(read(header)).toBe('bad');
  });

  it('is refused by its declared length, before it has come', () => {
    const header = version2({ family: 0x11, block: Buffer.alloc(longestProxyHeader - 15) });
    expect(readProxyHeader(header, 16)).toBe('bad');
  });
});

describe('a header of which a part has come', () => {
  it.each([
    ['version 1', Buffer.from('PROXY TCP6 2001:db8::7 ::1 1 2\r\n')],
    ['version 2', version2({ source: '2001:db8::7', withChecksum: true })],
  ])('is incomplete at every byte: %s', (_, header) => {
    for (let length = 0; length < header.length; length++) expect(readProxyHeader(header, length)).toBe('incomplete');
    expect(readProxyHeader(header, header.length)).toMatchObject({ length: header.length, source: '2001:db8::7' });
  });
});
