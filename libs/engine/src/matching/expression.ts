import { AddressSet } from './address-set.ts';

/** Reads a variable of the call by name. */
export type ReadVariable = (name: string) => string | undefined;
/** A compiled condition. */
export type Predicate = (read: ReadVariable) => boolean;

type Comparison = (actual: string | undefined) => boolean;

/**
 * Compiles `vars` of APISIX (lua-resty-expr): a list of `[variable, operator, value]` or `[variable, "!", operator, value]`,
 * joined by AND unless the list begins with "AND", "OR", "!AND" or "!OR".
 * @throws Error naming what is wrong.
 */
export function compileExpression(rules: readonly unknown[]): Predicate {
  const [head, ...tail] = rules;
  switch (head) {
    case 'AND':
      return all(tail.map(compileRule));
    case 'OR':
      return any(tail.map(compileRule));
    case '!AND':
      return not(all(tail.map(compileRule)));
    case '!OR':
      return not(any(tail.map(compileRule)));
    default:
      return all(rules.map(compileRule));
  }
}

function compileRule(rule: unknown): Predicate {
  if (!Array.isArray(rule)) throw new Error(`${JSON.stringify(rule)} is not a condition`);
  const parts = rule as unknown[];
  if (Array.isArray(parts[1]) || Array.isArray(parts[0])) return compileExpression(parts);
  const [variable, ...rest] = parts;
  if (typeof variable !== 'string') throw new Error(`${JSON.stringify(rule)} does not begin with a variable`);
  const isNegated = rest[0] === '!';
  const [operator, operand] = isNegated ? rest.slice(1) : rest;
  const compare = compileComparison(operator, operand);
  return (read) => compare(read(variable)) !== isNegated;
}

function compileComparison(operator: unknown, operand: unknown): Comparison {
  switch (operator) {
    case '==':
      return equals(operand);
    case '~=':
      return negate(equals(operand));
    case '>':
      return numeric(operand, (a, b) => a > b);
    case '>=':
      return numeric(operand, (a, b) => a >= b);
    case '<':
      return numeric(operand, (a, b) => a < b);
    case '<=':
      return numeric(operand, (a, b) => a <= b);
    case '~~':
      return matches(new RegExp(text(operand, '~~')));
    case '~*':
      return matches(new RegExp(text(operand, '~*'), 'i'));
    case 'in':
      return anyEquals(list(operand, 'in'));
    case 'has':
      return has(text(operand, 'has'));
    case 'ipmatch':
      return ipMatch(typeof operand === 'string' ? [operand] : list(operand, 'ipmatch'));
    default:
      throw new Error(`unknown operator ${JSON.stringify(operator)}`);
  }
}

function equals(operand: unknown): Comparison {
  if (operand === null || operand === undefined) return (actual) => actual === undefined;
  if (typeof operand === 'number') return (actual) => actual !== undefined && Number(actual) === operand;
  const expected = typeof operand === 'string' ? operand : JSON.stringify(operand);
  return (actual) => actual === expected;
}

function anyEquals(operands: unknown[]): Comparison {
  const comparisons = operands.map(equals);
  return (actual) => comparisons.some((compare) => compare(actual));
}

function numeric(operand: unknown, holds: (actual: number, expected: number) => boolean): Comparison {
  const expected = Number(operand);
  if (Number.isNaN(expected)) throw new Error(`${JSON.stringify(operand)} is not a number`);
  return (actual) => actual !== undefined && actual !== '' && holds(Number(actual), expected);
}

/** A variable "has" a value when its comma-separated list contains it. */
function has(expected: string): Comparison {
  return (actual) => actual?.split(',').some((item) => item.trim() === expected) ?? false;
}

function ipMatch(ranges: unknown[]): Comparison {
  const addresses = new AddressSet(ranges.map(String));
  return (actual) => actual !== undefined && addresses.has(actual);
}

function matches(expression: RegExp): Comparison {
  return (actual) => actual !== undefined && expression.test(actual);
}

function negate(compare: Comparison): Comparison {
  return (actual) => !compare(actual);
}

function text(operand: unknown, operator: string): string {
  if (typeof operand !== 'string') throw new Error(`${operator} needs a string`);
  return operand;
}

function list(operand: unknown, operator: string): unknown[] {
  if (!Array.isArray(operand)) throw new Error(`${operator} needs a list`);
  return operand;
}

function all(predicates: Predicate[]): Predicate {
  return (read) => predicates.every((holds) => holds(read));
}

function any(predicates: Predicate[]): Predicate {
  return (read) => predicates.some((holds) => holds(read));
}

function not(predicate: Predicate): Predicate {
  return (read) => !predicate(read);
}
