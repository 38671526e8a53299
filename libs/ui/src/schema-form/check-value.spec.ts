import { describe, expect, it } from 'vitest';
import { checkerOf } from './check-value.ts';
import type { JsonSchema } from './json-schema.ts';

const node: JsonSchema = {
  type: 'object',
  properties: { host: { type: 'string', minLength: 1 }, weight: { type: 'integer', minimum: 0 } },
  required: ['host', 'weight'],
};
const schema: JsonSchema = {
  type: 'object',
  properties: {
    count: { type: 'integer', exclusiveMinimum: 0 },
    uri: {
      anyOf: [
        { type: 'string', pattern: '^\\/.*', format: 'starts_with' },
        { type: 'string', const: '*' },
      ],
    },
    address: {
      anyOf: [
        { type: 'string', format: 'ipv4', pattern: '^\\d+\\.\\d+$' },
        { type: 'string', format: 'ipv6', pattern: '^::$' },
      ],
    },
    nodes: {
      anyOf: [
        { type: 'object', additionalProperties: { type: 'integer' } },
        { type: 'array', items: node },
      ],
    },
    mode: { enum: ['a', 'b'] },
  },
  required: ['count'],
  additionalProperties: false,
};
const refusalsOf = (value: unknown) =>
  checkerOf(schema)(value).map(({ pointer, reason, values }) => [pointer, reason, values.limit]);

describe('checking a value', () => {
  it('finds nothing in a value that fits', () => {
    expect(refusalsOf({ count: 1, uri: '*', nodes: { 'a:1': 1 }, mode: 'a' })).toEqual([]);
  });

  it('tells the place and the limit, once per place', () => {
    expect(refusalsOf({ count: 0, mode: 'c' })).toEqual([
      ['/count', 'minimum', 1],
      ['/mode', 'enum', 'a, b'],
    ]);
  });

  it('names what is missing at its own place, and what is not known', () => {
    expect(refusalsOf({})).toEqual([['/count', 'required', undefined]]);
    expect(refusalsOf({ count: 1, other: 1 })).toEqual([['/other', 'unknown', undefined]]);
  });

  it('speaks of the branch that the value means, not of the others', () => {
    expect(refusalsOf({ count: 1, nodes: [{ host: 'a', weight: -1 }, { host: '' }] })).toEqual([
      ['/nodes/0/weight', 'minimum', 0],
      ['/nodes/1/weight', 'required', undefined],
      ['/nodes/1/host', 'required', undefined],
    ]);
    expect(refusalsOf({ count: 1, nodes: { 'a:1': 'x' } })).toEqual([['/nodes/a:1', 'type', 'integer']]);
    expect(refusalsOf({ count: 1, nodes: 'x' })).toEqual([['/nodes', 'type', undefined]]);
  });

  it('says how a text begins instead of showing a pattern, and names the forms that it may have', () => {
    expect(refusalsOf({ count: 1, uri: 'orders' })).toEqual([['/uri', 'startsWith', '/']]);
    expect(refusalsOf({ count: 1, address: 'x' })).toEqual([['/address', 'format', 'ipv4, ipv6']]);
  });
});
