import { shapeOf } from './field-shape.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

/** Equal as JSON, whatever the order of keys. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length && keys.every((key) => key in other && isSame(one[key], other[key]))
    );
  }
  return one === other;
}

/** `object` with another member; undefined takes the member away. The order of the others stays. */
export function withMember(
  object: Readonly<Record<string, unknown>>,
  key: string,
  value: unknown,
): Record<string, unknown> {
  if (value === undefined) {
    const { [key]: _, ...others } = object;
    return others;
  }
  return { ...object, [key]: value };
}

/** What is kept of a value that was typed: nothing where it is empty or what the schema takes anyway. */
export function withoutDefault(schema: JsonSchema, value: unknown): unknown {
  if (value === undefined || value === '') return undefined;
  if (Array.isArray(value) && value.length === 0 && !Array.isArray(schema.default)) return undefined;
  return 'default' in schema && isSame(schema.default, value) ? undefined : value;
}

/** What a thing begins with when somebody adds it. */
export function blankOf(schema: JsonSchema): unknown {
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties)
          .filter(([key, property]) => shape.required.has(key) && needsStart(property))
          .map(([key, property]) => [key, blankOf(property)]),
      );
    case 'record':
      return {};
    case 'list':
    case 'tags':
    case 'choices':
      return [];
    case 'variants':
      return shape.variants[0] === undefined ? undefined : blankOf(shape.variants[0]);
    case 'choice':
      return shape.options.length === 1 ? shape.options[0] : undefined;
    case 'json':
      return typeof schema.type === 'string' && schema.type === 'array' ? [] : {};
    case 'text':
    case 'number':
    case 'boolean':
      return undefined;
  }
}

function needsStart(schema: JsonSchema): boolean {
  const shape = shapeOf(schema);
  if (shape.kind === 'choice') return shape.options.length === 1;
  return shape.kind !== 'text' && shape.kind !== 'number' && shape.kind !== 'boolean' && shape.kind !== 'json';
}
