import { describe, expect, it } from 'vitest';
import { targetOf, withTarget } from './target-value.ts';

describe('the target of a route', () => {
  it('is one of three, and choosing another forgets the rest', () => {
    expect(targetOf({ service_id: 'a' })).toBe('service');
    expect(targetOf({})).toBeUndefined();
    expect(withTarget({ uri: '/', service_id: 'a' }, 'upstream')).toEqual({ uri: '/' });
    expect(targetOf(withTarget({ upstream_id: 'a' }, 'own'))).toBe('own');
  });
});
