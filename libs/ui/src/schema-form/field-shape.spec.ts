import { describe, expect, it } from 'vitest';
import { isNullable, shapeOf, variantOf } from './field-shape.ts';
import { type JsonSchema, withoutReferences } from './json-schema.ts';

describe('the field of a schema', () => {
  it.each<[string, JsonSchema, object]>([
    ['a text', { type: 'string' }, { kind: 'text' }],
    ['yes or no', { type: 'boolean' }, { kind: 'boolean' }],
    [
      'a whole number above zero',
      { type: 'integer', exclusiveMinimum: 0 },
      { kind: 'number', isInteger: true, minimum: 1 },
    ],
    [
      'a number without real limits',
      { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
      { kind: 'number', isInteger: true },
    ],
    ['one of a list', { enum: ['a', 'b'] }, { kind: 'choice', options: ['a', 'b'] }],
    ['one of some constants', { anyOf: [{ const: 0 }, { const: 1 }] }, { kind: 'choice', options: [0, 1] }],
    ['a text or a number', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { kind: 'text' }],
    ['a text or null', { anyOf: [{ type: 'string' }, { type: 'null' }] }, { kind: 'text' }],
    ['several texts', { type: 'array', items: { type: 'string' } }, { kind: 'tags', isNumeric: false }],
    ['several numbers', { type: 'array', items: { type: 'integer' } }, { kind: 'tags', isNumeric: true }],
    ['several of a list', { type: 'array', items: { enum: ['GET'] } }, { kind: 'choices', options: ['GET'] }],
    [
      'names of one’s own',
      { type: 'object', additionalProperties: { type: 'string' } },
      { kind: 'record', values: { type: 'string' } },
    ],
    ['an object of anything', { type: 'object', properties: {}, additionalProperties: {} }, { kind: 'json' }],
    ['anything', {}, { kind: 'json' }],
    ['a list of anything', { type: 'array', items: {} }, { kind: 'json' }],
  ])('is right for %s', (_, schema, shape) => {
    expect(shapeOf(schema)).toEqual(shape);
  });

  it('is a list of cards for things, and a choice where forms differ', () => {
    const node = { type: 'object', properties: { host: { type: 'string' } }, required: ['host'] };
    expect(shapeOf({ type: 'array', items: node }).kind).toBe('list');
    expect(shapeOf({ anyOf: [{ type: 'string' }, node] }).kind).toBe('variants');
    expect(shapeOf(node)).toMatchObject({ kind: 'object', required: new Set(['host']) });
  });

  it('knows where null is a value', () => {
    expect(isNullable({ type: ['string', 'null'] })).toBe(true);
    expect(isNullable({ type: 'string' })).toBe(false);
  });
});

describe('the branch that a value means', () => {
  const variants: JsonSchema[] = [
    { type: 'object', additionalProperties: { type: 'integer' } },
    { type: 'array' },
    { type: 'object', properties: { kind: { const: 'b' }, size: { type: 'number' } } },
  ];
  it('is the first of its type, or the one that has most of its fields', () => {
    expect(variantOf(variants, [])).toBe(1);
    expect(variantOf(variants, { one: 1 })).toBe(0);
    expect(variantOf(variants, { kind: 'b' })).toBe(2);
    expect(variantOf(variants, 'text')).toBe(-1);
  });
});

describe('references', () => {
  it('are replaced by what they name, and a schema within itself ends', () => {
    const schema: JsonSchema = {
      properties: { tree: { $ref: '#/$defs/Tree' } },
      $defs: { Tree: { type: 'object', properties: { left: { $ref: '#/$defs/Tree' } } } },
    };
    expect(withoutReferences(schema)).toEqual({
      properties: { tree: { type: 'object', properties: { left: {} } } },
    });
  });
});
