import { describe, expect, it } from 'vitest';
import { isSlug, slugOf } from './slug-of.ts';

describe('the slug that is suggested for a name', () => {
  it.each([
    ['Acme Books', 'acme-books'],
    ['Café Zürich & Söhne', 'cafe-zurich-sohne'],
    ['  7 Hills Ltd. ', 'hills-ltd'],
    ['书店', ''],
  ])('of %s is %s', (name, slug) => expect(slugOf(name)).toBe(slug));

  it('is one that the server takes, however long the name is', () => {
    expect(isSlug(slugOf(`${'very '.repeat(12)}long name`))).toBe(true);
  });
});
