/** An OpenAPI 3.0 or 3.1 document as its author wrote it: anything may be in it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly [key: string]: unknown;
}

/** Any JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Longest chain of references that is followed. */
const longestChain = 20;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function fieldsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The object that `value` is or, by `$ref`s within the document, points to; undefined when there is none. */
export function follow(document: OpenApiDocument, value: unknown): Fields | undefined {
  let present = value;
  for (let step = 0; step < longestChain; step += 1) {
    if (!isFields(present)) return undefined;
    if (typeof present.$ref !== 'string') return present;
    present = at(document, present.$ref);
  }
  return undefined;
}

/** Last part of a `$ref`, which is a schema's name. */
export function nameOfReference(value: unknown): string | undefined {
  if (!isFields(value) || typeof value.$ref !== 'string') return undefined;
  return decoded(value.$ref.split('/').at(-1) ?? '');
}

function at(document: OpenApiDocument, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let present: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part);
    if (!isFields(present) || !Object.hasOwn(present, key)) return undefined;
    present = present[key];
  }
  return present;
}

function decoded(part: string): string {
  const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
