import { describe, expect, it } from 'vitest';
import { siteOfInput } from './site-of-input.ts';

describe('the site that somebody means', () => {
  it.each([
    ['demo', 'demo'],
    ['  Demo ', 'demo'],
    ['/demo', 'demo'],
    ['http://localhost:8081/demo/products/prd_1?x=1', 'demo'],
    ['https://portal.example/demo#top', 'demo'],
  ])('is read from “%s”', (typed, site) => {
    expect(siteOfInput(typed)).toBe(site);
  });

  it.each(['', '  ', 'd', 'https://portal.example/', 'Grüße', 'a'.repeat(41), '-demo'])('is none for “%s”', (typed) => {
    expect(siteOfInput(typed)).toBeUndefined();
  });
});
