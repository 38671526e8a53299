import type { OptionTexts } from './policy-texts.ts';

/** A JSON Schema as far as its texts are concerned. */
export type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The schema with every option, however deep, replaced by what `change` makes of it; `path` is the way to it as in {@link OptionTexts}. */
export function mapOptions(schema: Schema, change: (path: string, option: Schema) => Schema, path = ''): Schema {
  const within = (inner: unknown, at: string): unknown => (isSchema(inner) ? mapOptions(inner, change, at) : inner);
  const changed: Record<string, unknown> = { ...schema };
  for (const branches of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[branches];
    if (Array.isArray(list)) changed[branches] = list.map((branch) => within(branch, path));
  }
  if ('items' in schema) changed['items'] = within(schema['items'], `${path}[]`);
  if ('additionalProperties' in schema)
    changed['additionalProperties'] = within(schema['additionalProperties'], `${path}.*`);
  if (isSchema(schema['properties'])) {
    const members = Object.entries(schema['properties']).map(([name, option]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [name, isSchema(option) ? change(at, mapOptions(option, change, at)) : option];
    });
    changed['properties'] = Object.fromEntries(members);
  }
  return changed;
}

/** The schema with titles and descriptions of another language; options without texts stay as they are. */
export function withTexts(schema: Schema, texts: Readonly<Record<string, OptionTexts>> = {}): Schema {
  return mapOptions(schema, (path, option) => {
    const text = texts[path];
    if (text === undefined) return option;
    return { title: text.title, ...option, ...(text.is === undefined ? {} : { description: text.is }) };
  });
}
