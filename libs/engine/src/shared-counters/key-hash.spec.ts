import { expect, it } from 'vitest';
import { hashText } from './key-hash.ts';

const seed = { low: 0x12345678, high: -7 };
const textOf = (hash: { low: number; high: number }) => `${hash.low} ${hash.high}`;

it('the hash of a key is its own: of length, order, every character and the seed', () => {
  const texts = ['', '\0', '\0\0', 'a', 'aa', 'aaa', 'ab', 'ba', 'ä', '\u0100a', 'a\u0100', 'x'.repeat(255)];
  const hashes = texts.map((text) => textOf(hashText(text, seed)));
  expect(new Set(hashes).size).toBe(texts.length);
  expect(textOf(hashText('a', { ...seed, high: 7 }))).not.toBe(hashes[3]);
  expect(textOf(hashText('a', seed))).toBe(hashes[3]);
});

it('hashes of similar keys spread evenly', () => {
  const buckets = new Array<number>(256).fill(0);
  const seen = new Set<string>();
  for (let index = 0; index < 100_000; index++) {
    const hash = hashText(`key-${index}`, seed);
    buckets[hash.low & 255]!++;
    seen.add(textOf(hash));
  }
  expect(seen.size).toBe(100_000);
  expect(Math.max(...buckets) / Math.min(...buckets)).toBeLessThan(1.6);
});
