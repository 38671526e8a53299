import { describe, expect, it } from 'vitest';
import { changedFields, countOf, nameOf, stableJson } from './change-text.ts';

describe('what changed, in words', () => {
  it('does not take another order of keys for a change', () => {
    expect(stableJson({ b: 1, a: { d: 2, c: 3 } })).toBe(stableJson({ a: { c: 3, d: 2 }, b: 1 }));
    expect(changedFields({ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } })).toEqual([]);
  });

  it('is nothing when the answer is the revision in force, whatever that one changed', () => {
    expect(countOf({ changes: [], changed: 9 })).toBe(0);
    expect(countOf({ changes: [{}], changed: 120 })).toBe(120);
  });

  it('names each field by its path, with what it was and what it is', () => {
    expect(changedFields({ timeout: { connect: 5 }, uri: '/a' }, { timeout: { connect: 6 }, desc: 'x' })).toEqual([
      { path: 'desc', before: undefined, after: 'x' },
      { path: 'timeout.connect', before: '5', after: '6' },
      { path: 'uri', before: '/a', after: undefined },
    ]);
  });

  it('tells short lists whole and lists of objects one by one', () => {
    expect(changedFields({ methods: ['GET'] }, { methods: ['GET', 'POST'] })).toEqual([
      { path: 'methods', before: 'GET', after: 'GET, POST' },
    ]);
    expect(changedFields({ nodes: [{ host: 'a' }] }, { nodes: [{ host: 'b' }, { host: 'c' }] })).toEqual([
      { path: 'nodes[0].host', before: 'a', after: 'b' },
      { path: 'nodes[1].host', before: undefined, after: 'c' },
    ]);
    expect(changedFields({}, { timeout: { connect: 5 } })).toEqual([
      { path: 'timeout.connect', before: undefined, after: '5' },
    ]);
    expect(changedFields({ nodes: { a: 1 } }, { nodes: [{ host: 'a' }] })).toEqual([
      { path: 'nodes', before: '{"a":1}', after: '[{"host":"a"}]' },
    ]);
  });

  it('cuts what is too long for a line', () => {
    expect(changedFields({}, { desc: 'x'.repeat(500) })[0]?.after).toHaveLength(80);
  });

  it('knows a resource by its name or user name', () => {
    expect(nameOf({ name: 'Books' })).toBe('Books');
    expect(nameOf({ username: 'dan' })).toBe('dan');
    expect(nameOf({ name: '' })).toBeUndefined();
    expect(nameOf(null)).toBeUndefined();
  });
});
