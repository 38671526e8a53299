import { describe, expect, it, vi } from 'vitest';
import { incomplete, malformed } from './field-lines.ts';
import { HeadReader } from './head-reader.ts';
import { HeaderBlock } from './header-block.ts';
import { TextCache } from './text-cache.ts';

const limitBytes = 1000;

const texts = new TextCache();

function read(text: string, block = new HeaderBlock(texts)) {
  const reader = new HeadReader(limitBytes, texts);
  const bytes = Buffer.from(text, 'latin1');
  const end = reader.read(bytes, 0, bytes.length, block);
  return { end, block, fault: reader.fault, request: reader.request };
}

const head =
  'POST /a/b?c=d HTTP/1.1\r\nHost: Api.Test:80\r\nContent-Length:\t12 \r\nX-Empty:\r\nx-twice: 1\r\nX-Twice: 2\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n';

describe('a request head', () => {
  it('is read with its line, framing and fields', () => {
    const { end, block } = read(`${head}body`);
    expect(end).toBe(head.length);
    expect(block).toMatchObject({ authority: 'Api.Test:80', host: 'api.test', contentLength: 12, isChunked: false });
    expect(block.header('x-empty')).toBe('');
    expect(block.header('X-TWICE')).toBe('1, 2');
    expect(block.header('cookie')).toBe('a=1; b=2');
    expect(block.header('x-absent')).toBeUndefined();
  });

  it('is incomplete wherever it is cut, and never malformed', () => {
    for (let at = 0; at < head.length; at++) expect(read(head.slice(0, at)).end, `cut at ${at}`).toBe(incomplete);
  });

  it('that repeats the last header section to the byte is not read twice', () => {
    const { block } = read(head);
    const readTwice = vi.spyOn(block, 'read');
    const again = read(head.replace('/a/b?c=d', '/other'), block);
    expect(readTwice).not.toHaveBeenCalled();
    expect(again.request.target).toBe('/other');
    expect(again.block.header('x-twice')).toBe('1, 2');
  });

  it('that differs in one byte from the last one is read, and nothing of the last one stays', () => {
    const { block } = read(head);
    expect(block.header('x-twice')).toBe('1, 2');
    read(head.replace('12 ', '13 ').replace('x-twice: 1', 'x-twice: 3'), block);
    expect(block.contentLength).toBe(13);
    expect(block.header('x-twice')).toBe('3, 2');
    read('GET / HTTP/1.1\r\nHost: b\r\n\r\n', block);
    expect(block).toMatchObject({ authority: 'b', host: 'b', contentLength: null });
    expect(block.header('x-twice')).toBeUndefined();
  });

  it('after one that was refused is read anew', () => {
    const block = new HeaderBlock(texts);
    const refused = 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n';
    expect(read(refused, block).end).toBe(malformed);
    expect(read(refused, block).end).toBe(malformed);
  });

  it('with a header section that only begins like the last one is read anew', () => {
    const { block } = read('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    read('GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n', block);
    expect(block.header('x')).toBe('y');
  });

  it('of HTTP/1.0 with a coding is refused although its header section is known', () => {
    const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const known = read(chunked).block;
    expect(known.isChunked).toBe(true);
    expect(read(chunked.replace('1.1', '1.0'), known).end).toBe(malformed);
  });

  it.each([
    ['431', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(limitBytes)}`],
    ['431', `GET /${'x'.repeat(limitBytes)} HTTP/1.1\r\nHost: a\r\n\r\n`],
    ['505', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n'],
    ['505', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n'],
    ['505', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['501', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['501', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['417', 'POST / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n'],
    ['400', 'get / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n'],
    ['400', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET /#f HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET /\r\n'],
    ['400', 'GET / http/1.1\r\nHost: a\r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\n: a\r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n'],
    ['400', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1234567890123456\r\n\r\n'],
  ])('is refused with %s: %j', (status, text) => {
    const { end, fault } = read(text);
    expect(end).toBe(malformed);
    expect(fault.error.status).toBe(Number(status));
  });
});
