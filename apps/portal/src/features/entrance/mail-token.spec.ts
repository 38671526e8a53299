import { describe, expect, it } from 'vitest';
import { mailToken } from './mail-token.ts';

describe('the token of a link in a mail', () => {
  it('is read from the fragment', () => {
    expect(mailToken('#token=abc-_1')).toBe('abc-_1');
  });

  it('is missing where there is none', () => {
    expect(mailToken('')).toBeUndefined();
    expect(mailToken('#elsewhere')).toBeUndefined();
  });
});
