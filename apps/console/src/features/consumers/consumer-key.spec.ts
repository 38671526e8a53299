import { describe, expect, it } from 'vitest';
import { generateKey, instantOf, keyOf, localTimeOf, withKey } from './consumer-key.ts';

describe('the key of a consumer', () => {
  it('is found beside its other policies, which stay when it changes', () => {
    const value = { username: 'anna', plugins: { 'limit-count': { count: 1 }, 'key-auth': { key_sha256: 'ab' } } };
    expect(keyOf(value)).toEqual({ key_sha256: 'ab' });
    const changed = withKey(value, { key: 'new' });
    expect(changed).toEqual({ username: 'anna', plugins: { 'limit-count': { count: 1 }, 'key-auth': { key: 'new' } } });
    expect(withKey(changed, undefined)).toEqual({ username: 'anna', plugins: { 'limit-count': { count: 1 } } });
  });

  it('leaves nothing behind when it was all there was', () => {
    expect(withKey({ username: 'anna', plugins: { 'key-auth': { key: 'x' } } }, undefined)).toEqual({
      username: 'anna',
    });
    expect(keyOf({ username: 'anna' })).toBeUndefined();
  });

  it('is made of 256 random bits that need no escaping', () => {
    const keys = new Set(Array.from({ length: 50 }, generateKey));
    expect(keys.size).toBe(50);
    for (const key of keys) expect(key).toMatch(/^[\w-]{43}$/);
  });
});

describe('when a key ends', () => {
  it('is the same instant after the field for local times had it', () => {
    expect(instantOf(localTimeOf('2030-06-01T10:30:00.000Z'))).toBe('2030-06-01T10:30:00.000Z');
    expect(instantOf('')).toBeUndefined();
    expect(localTimeOf(undefined)).toBe('');
    expect(localTimeOf('no time')).toBe('');
  });
});
