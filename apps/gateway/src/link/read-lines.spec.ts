import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from './read-lines.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), () => undefined)) {
    lines.push(line);
  }
  return lines;
}

describe('lines of a stream', () => {
  it('come whole, however the bytes are cut', async () => {
    const text = Buffer.from('{"a":"ü"}\n{"b":1}\n');
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(await linesOf(text.subarray(0, cut), text.subarray(cut))).toEqual(['{"a":"ü"}', '{"b":1}']);
    }
  });

  it('leave out an unfinished last one', async () => {
    expect(await linesOf('{"a":1}\n{"b"')).toEqual(['{"a":1}']);
  });

  it('are refused beyond 8 MiB', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    await expect(linesOf(...Array.from({ length: 9 }, () => megabyte))).rejects.toThrow(/too long/);
  });
});
