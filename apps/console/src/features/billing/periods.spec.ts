import { expect, it } from 'vitest';
import { isPeriod, monthAfter, monthBefore, periodName } from './periods.ts';

it('months follow each other over the turn of the year', () => {
  expect(monthBefore('2026-01')).toBe('2025-12');
  expect(monthAfter('2026-12')).toBe('2027-01');
});

it('only months are taken from an address', () => {
  expect(['2026-05', '2026-13', '26-05', ['2026-05'], undefined].filter(isPeriod)).toEqual(['2026-05']);
});

it('is named in the language of the page', () => {
  expect(periodName('2026-05', 'en')).toBe('May 2026');
  expect(periodName('2026-05', 'zh-CN')).toBe('2026年5月');
});
