import { createHash } from 'node:crypto';

/** JSON with sorted keys and without `undefined`, so equal values have equal text. Throws on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member));
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/** Lower-case hexadecimal SHA-256 of the value's canonical JSON: names the content of a resource. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  const sorted: [string, unknown][] = Object.keys(value)
    .sort()
    .map((key) => [key, value[key]]);
  return Object.fromEntries(sorted);
}
