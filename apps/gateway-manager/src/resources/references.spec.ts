import { describe, expect, it } from 'vitest';
import { hashKeys } from './hash-keys.ts';
import { referencesOf } from './references.ts';

describe('references', () => {
  it('are the ids that a kind’s fields name', () => {
    expect(referencesOf('route', { service_id: 's', upstream_id: 'u', plugin_config_id: 'p' })).toEqual([
      { field: 'service_id', toKind: 'service', toId: 's' },
      { field: 'upstream_id', toKind: 'upstream', toId: 'u' },
    ]);
    expect(referencesOf('consumer', { group_id: 'g' })).toEqual([
      { field: 'group_id', toKind: 'consumer_group', toId: 'g' },
    ]);
    expect(referencesOf('upstream', { service_id: 's' })).toEqual([]);
  });
});

describe('a key', () => {
  it('is replaced by its SHA-256 and nothing else changes', () => {
    const value = { username: 'bob', plugins: { 'key-auth': { key: 'abc', _meta: {} }, 'limit-count': { count: 1 } } };
    const keySha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(hashKeys(value)).toEqual({
      username: 'bob',
      plugins: { 'key-auth': { key_sha256: keySha256, _meta: {} }, 'limit-count': { count: 1 } },
    });
  });

  it('that is hashed already, or missing, leaves the value as it is', () => {
    for (const value of [{}, { plugins: {} }, { plugins: { 'key-auth': { key_sha256: 'x' } } }])
      expect(hashKeys(value)).toBe(value);
  });
});
