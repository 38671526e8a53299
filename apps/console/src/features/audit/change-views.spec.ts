import { describe, expect, it } from 'vitest';
import { viewsOf } from './change-views.ts';

const set = (...changes: Parameters<typeof viewsOf>[0]['changes']) => ({
  tooLarge: false,
  count: changes.length,
  changes,
});
const added = { path: '/name', kind: 'added' as const, after: 'a', redacted: false };
const removed = { path: '/desc', kind: 'removed' as const, before: null, redacted: false };
const changed = { path: '/uris/0', kind: 'changed' as const, before: '/x', after: '/y', redacted: false };

describe('the two sides of a change', () => {
  it('hold what was there and what is there, by pointer', () => {
    expect(viewsOf(set(added, removed, changed))).toEqual({
      before: { '/desc': null, '/uris/0': '/x' },
      after: { '/name': 'a', '/uris/0': '/y' },
    });
  });

  it('are one where everything was made or removed', () => {
    expect(viewsOf(set(added))).toEqual({ before: undefined, after: { '/name': 'a' } });
    expect(viewsOf(set(removed))).toEqual({ before: { '/desc': null }, after: undefined });
  });
});
