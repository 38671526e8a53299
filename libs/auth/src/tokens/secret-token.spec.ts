import { describe, expect, it } from 'vitest';
import { hashSecretToken, newSecretToken, secretTokenKind } from './secret-token.ts';

describe('a secret token', () => {
  it('says its kind and is never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, () => newSecretToken('pat')));
    expect(tokens.size).toBe(100);
    for (const token of tokens) {
      expect(token).toMatch(/^tg_pat_[\w-]{49}$/);
      expect(secretTokenKind(token)).toBe('pat');
    }
  });

  it('is recognised as damaged when any character changes or is missing', () => {
    const token = newSecretToken('ses');
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'x' ? 'y' : 'x';
      expect(secretTokenKind(token.slice(0, index) + other + token.slice(index + 1))).toBeNull();
      expect(secretTokenKind(token.slice(0, index) + token.slice(index + 1))).toBeNull();
    }
  });

  it('is stored as SHA-256', () => {
    expect(hashSecretToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
