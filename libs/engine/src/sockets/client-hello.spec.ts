import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { readClientHello } from './client-hello.ts';

/** The first message that a TLS client of Node sends. */
async function helloOf(servername: string | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.once('data', (bytes: Buffer) => {
        resolve(bytes);
        socket.destroy();
        server.close();
      });
    });
    server.listen(0, '127.0.0.1', () => {
      const socket = connectTcp((server.address() as AddressInfo).port, '127.0.0.1');
      const secure = connectTls({ socket, ...(servername === undefined ? {} : { servername }) });
      secure.on('error', () => undefined);
    });
    server.once('error', reject);
  });
}

/** The same message in records of at most `size` bytes. */
function inRecords(hello: Buffer, size: number): Buffer {
  const records: Buffer[] = [];
  for (let at = 5; at < hello.length; at += size) {
    const piece = hello.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, piece.length >> 8, piece.length & 0xff]), piece);
  }
  return Buffer.concat(records);
}

const read = (bytes: Buffer) => readClientHello(bytes, bytes.length);

describe('the first message of a TLS client', () => {
  let hello: Buffer;
  beforeAll(async () => {
    hello = await helloOf('Api.Test');
  });

  it('tells the server name in lower case, or that there is none', async () => {
    expect(read(hello)).toEqual({ serverName: 'api.test' });
    expect(read(await helloOf(undefined))).toEqual({ serverName: null });
  });

  it('is incomplete at every byte but the last, in one record and in many', () => {
    for (const bytes of [hello, inRecords(hello, 400), inRecords(hello, 150)]) {
      for (let length = 0; length < bytes.length; length++) expect(readClientHello(bytes, length)).toBe('incomplete');
      expect(read(bytes)).toEqual({ serverName: 'api.test' });
      expect(read(Buffer.concat([bytes, Buffer.from('more')]))).toEqual({ serverName: 'api.test' });
    }
  });

  it('in more records than any client sends is refused', () => {
    expect(read(inRecords(hello, 10))).toBe('bad');
  });

  it('that is none is told from the first bytes that differ', () => {
    expect(read(Buffer.from('G'))).toBe('bad');
    expect(read(Buffer.from([22, 2]))).toBe('bad');
    expect(read(Buffer.from([22, 3, 1, 0, 0]))).toBe('bad');
    expect(read(Buffer.from([22, 3, 1, 0xff, 0xff]))).toBe('bad');
    expect(read(Buffer.from([22, 3, 1, 0, 1, 2]))).toBe('bad');
    expect(read(Buffer.from([22, 3, 1, 1, 0, 1, 1, 0, 0]))).toBe('bad');
  });

  it('with a byte changed is read or refused, and never fails', () => {
    for (let at = 0; at < hello.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const changed = Buffer.from(hello);
        changed[at] = value;
        const result = read(changed);
        expect(result === 'bad' || result === 'incomplete' || 'serverName' in result).toBe(true);
      }
    }
  });
});
