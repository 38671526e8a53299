import { isObject, type JsonSchema } from '@tollgate/ui/values';

/** One option of a policy as documentation shows it. */
export interface OptionRow {
  /** Names that lead to it, joined by dots; `[]` for entries of a list. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** As JSON; undefined when there is none. */
  readonly fallback: string | undefined;
  readonly description: string;
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(' | ');
  if ('const' in schema) return String(schema.const);
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return [...new Set(branches.map(typeOf))].join(' | ');
  if (schema.type === 'array') return isObject(schema.items) ? `${typeOf(schema.items)}[]` : 'array';
  return Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'any');
}

/** All options that a schema (without references) describes, the outer before the inner, at most three deep. */
export function optionRows(schema: JsonSchema, prefix = '', depth = 0): OptionRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = prefix + key;
    const row: OptionRow = {
      name,
      type: typeOf(property),
      isRequired: schema.required?.includes(key) ?? false,
      fallback: property.default === undefined ? undefined : JSON.stringify(property.default),
      description: property.description ?? '',
    };
    if (depth >= 2) return [row];
    const items = isObject(property.items) ? (property.items as JsonSchema) : undefined;
    return [
      row,
      ...optionRows(property, `${name}.`, depth + 1),
      ...(items === undefined ? [] : optionRows(items, `${name}[].`, depth + 1)),
    ];
  });
}
