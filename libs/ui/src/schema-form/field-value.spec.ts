import { describe, expect, it } from 'vitest';
import { blankOf, isSame, withMember, withoutDefault } from './field-value.ts';
import { labelOf, unitOf } from './field-texts.ts';

describe('values of a form', () => {
  it('hold nothing that is empty or the default', () => {
    expect(withoutDefault({ type: 'integer', default: 503 }, 503)).toBeUndefined();
    expect(withoutDefault({ type: 'integer', default: 503 }, 429)).toBe(429);
    expect(withoutDefault({ type: 'string' }, '')).toBeUndefined();
    expect(withoutDefault({ type: 'array' }, [])).toBeUndefined();
    expect(withoutDefault({ type: 'array', default: [200] }, [])).toEqual([]);
    expect(withoutDefault({ type: 'array', default: [200, 302] }, [200, 302])).toBeUndefined();
  });

  it('lose a member that becomes undefined and keep the order of the others', () => {
    expect(withMember({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(Object.keys(withMember({ a: 1, b: 2 }, 'a', 3))).toEqual(['a', 'b']);
  });

  it('are the same whatever the order of their members', () => {
    expect(isSame({ a: [1, { b: 2, c: 3 }] }, { a: [1, { c: 3, b: 2 }] })).toBe(true);
    expect(isSame({ a: undefined }, { b: undefined })).toBe(false);
    expect(isSame([1], [1, 2])).toBe(false);
  });

  it('begin with what is needed and can be known', () => {
    const inner = { type: 'object', properties: { on: { type: 'boolean' } } };
    expect(
      blankOf({
        type: 'object',
        properties: { kind: { const: 'x' }, inner, name: { type: 'string' }, list: { type: 'array', items: inner } },
        required: ['kind', 'inner', 'name'],
      }),
    ).toEqual({ kind: 'x', inner: {} });
  });
});

describe('words of a form', () => {
  it('are made of names', () => {
    expect(labelOf('rejected_code')).toBe('Rejected code');
    expect(labelOf('rejected_msg')).toBe('Rejected message');
    expect(labelOf('maxAccessAgeSeconds')).toBe('Max access age seconds');
    expect(labelOf('service_id')).toBe('Service ID');
  });

  it('name the unit of a number where its name or description tells it', () => {
    expect(unitOf('time_window', { description: 'Length of the window in seconds; it begins …' })).toBe('seconds');
    expect(unitOf('maxAgeMs', {})).toBe('milliseconds');
    expect(unitOf('count', { description: 'Calls allowed per window.' })).toBeUndefined();
  });
});
