import { describe, expect, it } from 'vitest';
import { rotate } from './rotation.ts';

const now = new Date('2026-01-01T00:00:00Z');

describe('rotating a key', () => {
  it('leaves the old one usable for the overlap', () => {
    expect(rotate({ state: 'active', expiresAt: null }, now, 60)).toEqual({
      state: 'active',
      expiresAt: new Date('2026-01-01T00:01:00Z'),
    });
  });

  it('never makes an old one last longer than it would have', () => {
    const old = { state: 'active' as const, expiresAt: '2026-01-01T00:00:10Z' };
    expect(rotate(old, now, 60).expiresAt).toEqual(new Date('2026-01-01T00:00:10Z'));
  });

  it('without overlap revokes the old one at once', () => {
    expect(rotate({ state: 'active', expiresAt: null }, now, 0)).toEqual({ state: 'revoked', expiresAt: null });
  });

  it('is refused for a key that is revoked', () => {
    expect(() => rotate({ state: 'revoked', expiresAt: null }, now, 60)).toThrow(/revoked/);
  });
});
