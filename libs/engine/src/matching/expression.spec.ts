import { describe, expect, it } from 'vitest';
import { compileExpression } from './expression.ts';

const variables: Record<string, string> = { name: 'json', age: '20', address: '10.1.2.3', list: 'a, b' };
const holds = (rules: unknown[]) => compileExpression(rules)((name) => variables[name]);

describe('vars', () => {
  it.each([
    [[['name', '==', 'json']], true],
    [[['name', '~=', 'json']], false],
    [[['age', '==', 20]], true],
    [[['age', '>', 19]], true],
    [[['age', '>=', '21']], false],
    [[['age', '<', 21]], true],
    [[['age', '<=', 19]], false],
    [[['missing', '<', 1]], false],
    [[['missing', '==', null]], true],
    [[['name', '~~', '^js']], true],
    [[['name', '~*', '^JS']], true],
    [[['name', '!', '~~', '^js']], false],
    [[['name', 'in', ['xml', 'json']]], true],
    [[['name', '!', 'in', ['xml', 'json']]], false],
    [[['list', 'has', 'b']], true],
    [[['list', 'has', 'c']], false],
    [[['address', 'ipmatch', ['10.0.0.0/8']]], true],
    [[['address', '!', 'ipmatch', '11.0.0.0/8']], true],
    [
      [
        ['name', '==', 'json'],
        ['age', '>', 30],
      ],
      false,
    ],
    [['OR', ['name', '==', 'json'], ['age', '>', 30]], true],
    [['AND', ['name', '==', 'json'], ['OR', ['age', '>', 30], ['age', '<', 25]]], true],
    [['!AND', ['name', '==', 'json'], ['age', '>', 30]], true],
    [['!OR', ['name', '==', 'json'], ['age', '>', 30]], false],
    [[], true],
  ])('%j is %s', (rules, expected) => {
    expect(holds(rules)).toBe(expected);
  });

  it.each([
    [['nonsense']],
    [[['name', '=', 'json']]],
    [[['name', 'in', 'json']]],
    [[['age', '>', 'old']]],
    [[['name', '~~', '(']]],
    [[['address', 'ipmatch', ['10']]]],
    [[[1, '==', 1]]],
  ])('%j is refused', (rules) => {
    expect(() => compileExpression(rules)).toThrow();
  });
});
