import { describe, expect, it } from 'vitest';
import { ChunkedDecoder } from './chunked-decoder.ts';

const target = Buffer.alloc(4096);

/** Decodes pieces one after the other; null when the coding is broken. */
function decode(...pieces: string[]): { data: string; rest: string; isComplete: boolean } | null {
  const decoder = new ChunkedDecoder();
  let data = '';
  let rest = '';
  for (const piece of pieces) {
    const bytes = Buffer.from(piece, 'latin1');
    const end = decoder.decode(bytes, 0, bytes.length, target, 0);
    if (end < 0) return null;
    data += target.toString('latin1', 0, end);
    rest += bytes.toString('latin1', decoder.position);
  }
  return { data, rest, isComplete: decoder.isComplete };
}

const whole = '4;name="v"\r\nWiki\r\n1E\r\n in chunks of several lengths.\r\n0\r\nTrailer: x\r\nB: y\r\n\r\n';

describe('the chunked coding', () => {
  it('is taken off, extensions and trailers with it, and what follows is left alone', () => {
    expect(decode(`${whole}GET /`)).toEqual({
      data: 'Wiki in chunks of several lengths.',
      rest: 'GET /',
      isComplete: true,
    });
  });

  it('is read alike wherever it is cut', () => {
    for (let at = 1; at < whole.length; at++) {
      expect(decode(whole.slice(0, at), whole.slice(at)), `cut at ${at}`).toMatchObject({
        data: 'Wiki in chunks of several lengths.',
        rest: '',
        isComplete: true,
      });
    }
    expect(decode(...whole)?.isComplete).toBe(true);
  });

  it('is not complete before its last byte', () => {
    for (let at = 0; at < whole.length; at++) expect(decode(whole.slice(0, at))?.isComplete).toBe(false);
  });

  it.each([
    ['no size', '\r\n'],
    ['a sign', '+4\r\nWiki\r\n'],
    ['a prefix', '0x4\r\nWiki\r\n'],
    ['a space before the size', ' 4\r\nWiki\r\n'],
    ['a space behind the size', '4 \r\nWiki\r\n'],
    ['no hexadecimal digit', 'g\r\n'],
    ['a size of twelve digits', '000000000004\r\nWiki\r\n'],
    ['a bare line feed behind the size', '4\nWiki\r\n'],
    ['a bare carriage return behind the size', '4\rWiki\r\n'],
    ['data longer than its size', '4\r\nWikiX\r\n'],
    ['a bare line feed behind the data', '4\r\nWiki\n'],
    ['a control character in an extension', '4;a\x01\r\nWiki\r\n'],
    ['a bare line feed in an extension', '4;a\nb\r\nWiki\r\n'],
    ['an endless extension', `4;${'a'.repeat(300)}\r\n`],
    ['a bare line feed in a trailer', '0\r\nA: b\n\r\n'],
    ['a bare line feed at the end', '0\r\n\n'],
    ['a carriage return alone at the end', '0\r\n\rX'],
    ['a trailer without a colon', '0\r\nA\r\n\r\n'],
    ['a space before the colon of a trailer', '0\r\nA : b\r\n\r\n'],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
    ['endless trailers', `0\r\nA: ${'b'.repeat(9000)}\r\n\r\n`],
  ])('with %s is broken', (_name, text) => {
    expect(decode(text)).toBeNull();
  });
});
