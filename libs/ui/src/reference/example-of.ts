import { isFields, type OpenApiDocument } from './openapi-document.ts';
import { merged } from './schema-view.ts';

/** How deep a made-up example goes; schemas may contain themselves. */
const deepest = 5;

const byFormat: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  email: 'somebody@example.com',
  uri: 'https://example.com/',
  uuid: '7f0e2b6a-3c1d-4e5f-8a9b-0c1d2e3f4a5b',
};

/** A value that fits a schema: the author's example, default or first allowed value, else one made up. */
export function exampleOf(document: OpenApiDocument, schema: unknown, depth = 0): unknown {
  const own = merged(document, schema, 0);
  const given =
    own.example ??
    (Array.isArray(own.examples) ? (own.examples as unknown[])[0] : undefined) ??
    own.const ??
    own.default ??
    (Array.isArray(own.enum) ? (own.enum as unknown[])[0] : undefined);
  if (given !== undefined) return given;
  const variants = own.oneOf ?? own.anyOf;
  if (Array.isArray(variants)) return depth < deepest ? exampleOf(document, variants[0], depth + 1) : null;
  const type = Array.isArray(own.type) ? (own.type as unknown[]).find((one) => one !== 'null') : own.type;
  if (type === 'array' || own.items !== undefined)
    return depth < deepest ? [exampleOf(document, own.items, depth + 1)] : [];
  if (type === 'object' || own.properties !== undefined) {
    if (depth >= deepest || !isFields(own.properties)) return {};
    return Object.fromEntries(
      Object.entries(own.properties)
        .filter(([, value]) => merged(document, value, 0).deprecated !== true)
        .map(([name, value]) => [name, exampleOf(document, value, depth + 1)]),
    );
  }
  if (type === 'integer' || type === 'number') return typeof own.minimum === 'number' ? own.minimum : 1;
  if (type === 'boolean') return true;
  if (type === 'string') return byFormat[String(own.format)] ?? 'text';
  return null;
}
