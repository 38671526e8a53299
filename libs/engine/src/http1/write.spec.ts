import { describe, expect, it } from 'vitest';
import { writeAscii, writeInteger } from './write.ts';

const written = (write: (target: Buffer) => number) => {
  const target = Buffer.alloc(64, '.');
  return target.toString('latin1', 0, write(target));
};

describe('a whole number', () => {
  const borders = [1, 10, 100, 2 ** 31, 2 ** 32, 1e15, Number.MAX_SAFE_INTEGER];
  const numbers = [0, ...borders.flatMap((border) => [border - 1, border, border + 1])].filter(Number.isSafeInteger);

  it.each(numbers)('is written in all its digits: %d', (value) => {
    expect(written((target) => writeInteger(target, 3, value))).toBe(`...${value}`);
  });
});

it('text is written as it is, long and short', () => {
  for (const text of ['', 'a', 'é'.repeat(47), 'x'.repeat(60)]) {
    expect(written((target) => writeAscii(target, 1, text))).toBe(`.${text}`);
  }
});
