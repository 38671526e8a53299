import { describe, expect, it } from 'vitest';
import { instantOf, pageOf } from './audit.ts';

describe('a day as a filter of the audit log', () => {
  it('begins and ends in the time of whoever reads', () => {
    const start = instantOf('2026-03-01', 'start');
    const end = instantOf('2026-03-01', 'end');
    expect(new Date(start ?? '').getDate()).toBe(1);
    expect(new Date(end ?? '').getTime() - new Date(start ?? '').getTime()).toBe(24 * 60 * 60 * 1000 - 1);
  });

  it('is none while it is not a whole date', () => {
    expect([undefined, '', '2026-3', '2026-99-99'].map((day) => instantOf(day, 'start'))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the page about an object of the audit log', () => {
  const entry = (kind: string, details = {}, action = 'x.update') => ({ object: { kind, id: 'it' }, action, details });

  it('is in its gateway group where its id alone does not tell it', () => {
    expect(pageOf(entry('route', { groupId: 'grp_1' }))).toEqual({
      name: 'route',
      params: { groupId: 'grp_1', resourceId: 'it' },
    });
    expect(pageOf(entry('route'))).toBeUndefined();
  });

  it('is none for what was removed, or has no page', () => {
    expect(pageOf(entry('api-product'))).toEqual({ name: 'product', params: { productId: 'it' } });
    expect(pageOf(entry('api-product', {}, 'api-product.delete'))).toBeUndefined();
    expect(pageOf(entry('session'))).toBeUndefined();
  });
});
