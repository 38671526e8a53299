import { describe, expect, it } from 'vitest';
import { authenticationOf } from './authentication.ts';

describe('the policies that protect a route', () => {
  it('are those that authenticate, on any level, each once', () => {
    const template = { 'key-auth': {}, 'limit-count': { count: 1 } };
    expect(authenticationOf([undefined, template, { 'key-auth': {}, 'jwt-auth': {} }])).toEqual([
      'jwt-auth',
      'key-auth',
    ]);
  });

  it('do not include what is switched off', () => {
    expect(authenticationOf([{ 'key-auth': { _meta: { disable: true } } }])).toEqual([]);
  });
});
