import { describe, expect, it } from 'vitest';
import { nextPage } from './next-page.ts';

const catalogue = { name: 'catalogue', params: { siteSlug: 'demo' } };

describe('the page after logging in', () => {
  it('is the one that asked for it', () => {
    expect(nextPage('/demo/applications?x=1', 'demo')).toBe('/demo/applications?x=1');
    expect(nextPage('/demo', 'demo')).toBe('/demo');
  });

  it.each([
    ['nothing', undefined],
    ['another site', '/other/applications'],
    ['a site of a like name', '/demo-2'],
    ['another origin', '//evil.example/demo/'],
    ['an address', 'https://evil.example/demo/'],
    ['several', ['/demo/a', '/demo/b']],
  ])('is the catalogue for %s', (_name, next) => {
    expect(nextPage(next, 'demo')).toEqual(catalogue);
  });
});
