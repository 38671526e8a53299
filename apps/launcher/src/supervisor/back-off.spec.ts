import { expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

it('doubles the pause from a quarter of a second up to half a minute', () => {
  expect([0, 1, 2, 3].map(backOffMs)).toEqual([250, 500, 1_000, 2_000]);
  expect(backOffMs(7)).toBe(30_000);
  expect(backOffMs(2_000)).toBe(30_000);
});
