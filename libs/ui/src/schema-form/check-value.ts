import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema';
import { variantOf } from './field-shape.ts';
import { isObject, type JsonSchema, pointerStep, stepsOf } from './json-schema.ts';

/** A place of a value that its schema refuses; its sentence is `ui.schema.refused.<reason>`. */
export interface Refusal {
  /** JSON Pointer. */
  readonly pointer: string;
  readonly reason: RefusalReason;
  /** What the sentence names. */
  readonly values: Readonly<Record<string, string | number>>;
}

const reasons = [
  'required',
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'pattern',
  'startsWith',
  'format',
  'propertyNames',
  'unknown',
  'other',
] as const;
export type RefusalReason = (typeof reasons)[number];

/** Keywords that only say that something within was refused. */
const wrappers = new Set([
  'properties',
  'items',
  'prefixItems',
  'additionalProperties',
  'allOf',
  'anyOf',
  'oneOf',
  '$ref',
  'patternProperties',
]);

/** Reads a schema once and tells what it refuses of a value. No code is made of the schema: the content policy forbids that. */
export function checkerOf(schema: JsonSchema): (value: unknown) => Refusal[] {
  const validator = new Validator(schema as Schema, '2020-12', false);
  return (value) => {
    const { errors } = validator.validate(value);
    const found = new Map<string, Refusal>();
    for (const unit of errors) {
      if (!isOfChosenBranch(schema, value, unit)) continue;
      for (const refusal of refusalsOf(schema, value, unit)) {
        if (!found.has(refusal.pointer)) found.set(refusal.pointer, refusal);
      }
    }
    return [...found.values()];
  };
}

function at(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isObject(inner) ? inner[step] : undefined;
  }, root);
}

/** True for a text that may have one of several forms; the sentence then names them all. */
function areFormats(branches: readonly JsonSchema[]): boolean {
  return branches.length > 1 && branches.every(({ type, format }) => type === 'string' && format !== undefined);
}

/** Of a choice only the branch counts that the value seems to mean. */
function isOfChosenBranch(schema: JsonSchema, value: unknown, unit: OutputUnit): boolean {
  const steps = stepsOf(unit.keywordLocation);
  for (let index = 0; index < steps.length - 1; index += 1) {
    const step = steps[index];
    if ((step !== 'anyOf' && step !== 'oneOf') || steps[index - 1] === 'properties') continue;
    const branches = at(schema, steps.slice(0, index + 1));
    if (!Array.isArray(branches)) continue;
    if (areFormats(branches as JsonSchema[])) return false;
    const chosen = variantOf(branches as JsonSchema[], at(value, valueSteps(unit, steps, index)));
    if (Number(steps[index + 1]) !== chosen) return false;
  }
  return true;
}

/** Where in the value the keyword at `index` of the schema applies: as deep as there are properties and items before it. */
function valueSteps(unit: OutputUnit, steps: readonly string[], index: number): string[] {
  let depth = 0;
  for (let before = 0; before < index; before += 1) {
    const step = steps[before];
    if (step === 'properties') {
      depth += 1;
      before += 1;
    } else if (step === 'items' || step === 'additionalProperties') depth += 1;
    else if (step === 'anyOf' || step === 'oneOf' || step === 'allOf') before += 1;
  }
  return stepsOf(unit.instanceLocation).slice(0, depth);
}

function refusalsOf(schema: JsonSchema, value: unknown, unit: OutputUnit): Refusal[] {
  const steps = stepsOf(unit.keywordLocation);
  const pointer = stepsOf(unit.instanceLocation).map(pointerStep).join('');
  const around = at(schema, steps.slice(0, -1));
  if (unit.keyword === 'required') {
    const here = at(value, stepsOf(unit.instanceLocation));
    const needed = isObject(around) && Array.isArray(around.required) ? (around.required as string[]) : [];
    return needed
      .filter((key) => !isObject(here) || here[key] === undefined)
      .map((key) => ({ pointer: pointer + pointerStep(key), reason: 'required', values: {} }));
  }
  if (unit.keyword === 'false') return [{ pointer, reason: 'unknown', values: {} }];
  if ((unit.keyword === 'anyOf' || unit.keyword === 'oneOf') && isObject(around)) {
    const branches = around[unit.keyword] as readonly JsonSchema[];
    if (areFormats(branches))
      return [{ pointer, reason: 'format', values: { limit: branches.map(({ format }) => format).join(', ') } }];
    const isOneMeant = variantOf(branches, at(value, stepsOf(unit.instanceLocation))) !== -1;
    return isOneMeant ? [] : [{ pointer, reason: 'type', values: {} }];
  }
  if (wrappers.has(unit.keyword)) return [];
  const limit = isObject(around) ? around[unit.keyword] : undefined;
  const start = typeof limit === 'string' && unit.keyword === 'pattern' ? startOf(limit) : undefined;
  if (start !== undefined) return [{ pointer, reason: 'startsWith', values: { limit: start } }];
  if (unit.keyword === 'minLength' && limit === 1) return [{ pointer, reason: 'required', values: {} }];
  if (unit.keyword === 'exclusiveMinimum' && typeof limit === 'number' && isObject(around) && around.type === 'integer')
    return [{ pointer, reason: 'minimum', values: { limit: limit + 1 } }];
  const reason = reasons.find((known) => known === unit.keyword) ?? 'other';
  return [{ pointer, reason, values: valuesOfLimit(limit) }];
}

/** What a text must begin with, where a pattern says no more than that. */
function startOf(pattern: string): string | undefined {
  const [, start] = /^\^((?:\\.|[^\\.*+?()[\]{}|^$])+)\.\*$/.exec(pattern) ?? [];
  return start?.replaceAll('\\', '');
}

function valuesOfLimit(limit: unknown): Record<string, string | number> {
  if (typeof limit === 'number' || typeof limit === 'string') return { limit };
  return Array.isArray(limit) ? { limit: limit.map(String).join(', ') } : {};
}
