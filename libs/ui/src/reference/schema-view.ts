import { type Fields, follow, isFields, nameOfReference, type OpenApiDocument, textOf } from './openapi-document.ts';

/** A schema as a reader wants to see it, one level deep; what is inside is read when it is looked at. */
export interface SchemaView {
  /** Like `string`, `integer | null`, `Book[]`: the same in every language. */
  readonly type: string;
  readonly description: string;
  /** Like `at least 1` or `format email`, by keyword and value. */
  readonly rules: readonly { readonly keyword: string; readonly value: string }[];
  /** The only values that are allowed. */
  readonly values: readonly string[];
  readonly deprecated: boolean;
  readonly properties: readonly { readonly name: string; readonly required: boolean; readonly schema: unknown }[];
  /** One of these, or all of these together. */
  readonly variants: { readonly kind: 'oneOf' | 'anyOf'; readonly schemas: readonly unknown[] } | undefined;
}

const ruleKeywords = [
  'format',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'default',
] as const;

/** Most of a kind that is shown. */
const mostShown = 200;

/** Reads a schema. Parts of `allOf` are taken together; an array is seen as what its items are. */
export function viewSchema(document: OpenApiDocument, schema: unknown): SchemaView {
  const own = merged(document, schema, 0);
  const inner = own.type === 'array' || own.items !== undefined ? merged(document, own.items, 0) : own;
  const required = new Set(Array.isArray(inner.required) ? inner.required : []);
  const kind = Array.isArray(inner.oneOf) ? 'oneOf' : Array.isArray(inner.anyOf) ? 'anyOf' : undefined;
  return {
    type: typeName(document, schema),
    description: textOf(own.description),
    rules: ruleKeywords
      .filter((keyword) => own[keyword] !== undefined && own[keyword] !== false)
      .map((keyword) => ({ keyword, value: written(own[keyword]) })),
    values: valuesOf(own).slice(0, mostShown),
    deprecated: own.deprecated === true,
    properties: Object.entries(isFields(inner.properties) ? inner.properties : {})
      .slice(0, mostShown)
      .map(([name, value]) => ({ name, required: required.has(name), schema: value })),
    variants: kind && { kind, schemas: (inner[kind] as unknown[]).slice(0, mostShown) },
  };
}

/** The name of a schema's type. */
export function typeName(document: OpenApiDocument, schema: unknown, depth = 0): string {
  const named = nameOfReference(schema);
  const own = merged(document, schema, 0);
  if (depth < 3 && (own.type === 'array' || own.items !== undefined))
    return `${typeName(document, own.items, depth + 1)}[]`;
  if (named !== undefined) return named;
  const types = Array.isArray(own.type) ? own.type.map(String) : typeof own.type === 'string' ? [own.type] : [];
  if (own.nullable === true) types.push('null');
  if (types.length > 0) return types.join(' | ');
  if (own.properties !== undefined) return 'object';
  const variants = own.oneOf ?? own.anyOf;
  if (depth < 3 && Array.isArray(variants)) {
    return variants
      .slice(0, 4)
      .map((variant) => typeName(document, variant, depth + 1))
      .join(' | ');
  }
  return 'any';
}

/** A schema with all parts of its `allOf`. */
export function merged(document: OpenApiDocument, schema: unknown, depth: number): Fields {
  const own = follow(document, schema) ?? {};
  if (!Array.isArray(own.allOf) || depth > 5) return own;
  const parts = own.allOf.map((part: unknown) => merged(document, part, depth + 1));
  const all = [...parts, own];
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required }) => (Array.isArray(required) ? (required as unknown[]) : [])),
  } as Fields;
}

function valuesOf({ enum: allowed, const: only }: Fields): string[] {
  if (only !== undefined) return [written(only)];
  return Array.isArray(allowed) ? allowed.map(written) : [];
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
