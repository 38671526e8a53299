import { isObject, type JsonSchema } from './json-schema.ts';

/** What a value is edited with. */
export type FieldShape =
  | { readonly kind: 'text' | 'boolean' | 'json' }
  | { readonly kind: 'number'; readonly isInteger: boolean; readonly minimum?: number; readonly maximum?: number }
  | { readonly kind: 'choice'; readonly options: readonly (string | number)[] }
  | { readonly kind: 'choices'; readonly options: readonly string[] }
  | { readonly kind: 'tags'; readonly isNumeric: boolean }
  | { readonly kind: 'list'; readonly items: JsonSchema }
  | {
      readonly kind: 'object';
      readonly properties: Readonly<Record<string, JsonSchema>>;
      readonly required: ReadonlySet<string>;
    }
  | { readonly kind: 'record'; readonly values: JsonSchema }
  | { readonly kind: 'variants'; readonly variants: readonly JsonSchema[] };

type Branches = readonly JsonSchema[];

const unlimited = Number.MAX_SAFE_INTEGER;

/** Types that a schema names; null apart. */
export function typesOf(schema: JsonSchema): readonly string[] {
  const { type } = schema;
  return (typeof type === 'string' ? [type] : (type ?? [])).filter((name) => name !== 'null');
}

const isNull = (schema: JsonSchema): boolean => schema.type === 'null' || ('const' in schema && schema.const === null);

/** True when `null` is a value of its own. */
export function isNullable(schema: JsonSchema): boolean {
  if (Array.isArray(schema.type) && schema.type.includes('null')) return true;
  return (schema.anyOf ?? schema.oneOf ?? []).some(isNull);
}

function branchesOf(schema: JsonSchema): Branches | undefined {
  return (schema.anyOf ?? schema.oneOf)?.filter((branch) => !isNull(branch));
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum;
}

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

function shapeOfBranches(branches: Branches): FieldShape {
  const [only] = branches;
  if (only !== undefined && branches.length === 1) return shapeOf(only);
  const values = branches.map(valuesOf);
  if (values.every((listed) => listed !== undefined)) {
    const options = values.flat().filter(isScalar);
    return { kind: 'choice', options: [...new Set(options)] };
  }
  const types = branches.map((branch) => typesOf(branch)[0] ?? '');
  if (types.every((type) => type === 'string' || type === 'integer' || type === 'number') && types.includes('string'))
    return { kind: 'text' };
  return { kind: 'variants', variants: branches };
}

function shapeOfItems(items: JsonSchema): FieldShape {
  const inner = shapeOf(items);
  switch (inner.kind) {
    case 'text':
      return { kind: 'tags', isNumeric: false };
    case 'number':
      return { kind: 'tags', isNumeric: true };
    case 'choice':
      return inner.options.every((option) => typeof option === 'string')
        ? { kind: 'choices', options: inner.options.map(String) }
        : { kind: 'json' };
    case 'object':
    case 'variants':
      return { kind: 'list', items };
    default:
      return { kind: 'json' };
  }
}

function shapeOfObject(schema: JsonSchema): FieldShape {
  const properties = schema.properties ?? {};
  if (Object.keys(properties).length > 0)
    return { kind: 'object', properties, required: new Set(schema.required ?? []) };
  const values = schema.additionalProperties;
  if (!isObject(values) || Object.keys(values).length === 0) return { kind: 'json' };
  return { kind: 'record', values };
}

/** How a value of `schema` (without references) is edited. Whatever has no form of its own is edited as JSON. */
export function shapeOf(schema: JsonSchema): FieldShape {
  const branches = branchesOf(schema);
  if (branches !== undefined && branches.length > 0) return shapeOfBranches(branches);
  const values = valuesOf(schema);
  if (values !== undefined) return values.every(isScalar) ? { kind: 'choice', options: values } : { kind: 'json' };
  const [type, ...others] = typesOf(schema);
  if (others.length > 0) return { kind: 'json' };
  switch (type) {
    case 'string':
      return { kind: 'text' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return { kind: 'number', isInteger: type === 'integer', ...limitsOf(schema) };
    case 'array':
      return isObject(schema.items) ? shapeOfItems(schema.items) : { kind: 'json' };
    case 'object':
      return shapeOfObject(schema);
    default:
      return { kind: 'json' };
  }
}

function limitsOf(schema: JsonSchema): { minimum?: number; maximum?: number } {
  const isInteger = schema.type === 'integer';
  const lowest =
    schema.minimum ?? (isInteger && schema.exclusiveMinimum !== undefined ? schema.exclusiveMinimum + 1 : undefined);
  const highest = schema.maximum;
  return {
    ...(lowest === undefined || lowest <= -unlimited ? {} : { minimum: lowest }),
    ...(highest === undefined || highest >= unlimited ? {} : { maximum: highest }),
  };
}

/** The branch of a choice that a value belongs to: the first of its type whose own fields it has most of. */
export function variantOf(variants: Branches, value: unknown): number {
  const type = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  let best = -1;
  let most = -1;
  variants.forEach((variant, index) => {
    const types = typesOf(variant);
    const fits = types.length === 0 || types.includes(type) || (type === 'number' && types.includes('integer'));
    if (!fits) return;
    const score = isObject(value) ? likeness(variant, value) : 0;
    if (score > most) [best, most] = [index, score];
  });
  return best;
}

function likeness(variant: JsonSchema, value: Readonly<Record<string, unknown>>): number {
  return Object.entries(variant.properties ?? {}).reduce((score, [key, property]) => {
    if (!(key in value)) return score;
    const fixed = valuesOf(property);
    if (fixed === undefined) return score + 1;
    return fixed.includes(value[key]) ? score + 2 : score - 2;
  }, 0);
}
