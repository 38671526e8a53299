import { describe, expect, it } from 'vitest';
import { optionRows } from './option-rows.ts';
import { isDisabled, isIn, isSameSet, mayStand, moved, withDisabled } from './policy-set.ts';

describe('policies of a template', () => {
  it('move within their list, and never out of it', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['c', 'a', 'b']);
    expect(moved(['a'], 3, 0)).toEqual(['a']);
  });

  it('stand where their type runs', () => {
    expect(mayStand({ direction: 'both' }, 'outbound')).toBe(true);
    expect(mayStand({ direction: 'inbound' }, 'outbound')).toBe(false);
    expect(isIn({ direction: 'inbound', credentialSchema: {} }, 'authentication')).toBe(true);
  });

  it('are turned off and on without a trace in their options', () => {
    const policy = { type: 'cors', options: { max_age: 5, _meta: { priority: 1 } } };
    const off = withDisabled(policy, true);
    expect(off.options).toEqual({ max_age: 5, _meta: { priority: 1, disable: true } });
    expect(isDisabled(off)).toBe(true);
    expect(withDisabled(off, false)).toEqual(policy);
    expect(withDisabled({ type: 'cors', options: {} }, false).options).toEqual({});
  });

  it('differ when their order does', () => {
    const [one, other] = [
      { type: 'cors', options: {} },
      { type: 'key-auth', options: {} },
    ] as const;
    expect(isSameSet({ inbound: [one, other], outbound: [] }, { inbound: [{ ...one }, other], outbound: [] })).toBe(
      true,
    );
    expect(isSameSet({ inbound: [one, other], outbound: [] }, { inbound: [other, one], outbound: [] })).toBe(false);
  });
});

describe('the table of options', () => {
  it('lists inner options by their way in', () => {
    const rows = optionRows({
      properties: {
        headers: { type: 'object', properties: { set: { type: 'array', items: { type: 'string' }, default: [] } } },
        mode: { enum: ['a', 'b'], description: 'How.' },
      },
      required: ['mode'],
    });
    expect(rows.map(({ name, type, isRequired, fallback }) => [name, type, isRequired, fallback])).toEqual([
      ['headers', 'object', false, undefined],
      ['headers.set', 'string[]', false, '[]'],
      ['mode', 'a | b', true, undefined],
    ]);
  });
});
