import { expect, it } from 'vitest';
import { TextCache } from './text-cache.ts';

it('a cache of texts gives the text that stands there, however many others it has seen', () => {
  const texts = new TextCache();
  const all = Array.from({ length: 200_000 }, (_, index) => `key-${(index * 7919) % 200_000}`);
  for (let round = 0; round < 2; round++) {
    const wrong = all.filter((text) => texts.at(Buffer.from(`<${text}>`), 1, 1 + text.length) !== text);
    expect(wrong).toEqual([]);
  }
});

it('takes empty texts, long ones and bytes beyond ASCII as they are', () => {
  const texts = new TextCache();
  for (const text of ['', 'é', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(5_000)]) {
    const bytes = Buffer.from(text, 'latin1');
    for (let round = 0; round < 2; round++) expect(texts.at(bytes, 0, bytes.length)).toBe(text);
  }
});
