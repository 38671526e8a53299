import { hash } from 'node:crypto';

/** JSON with sorted keys and without `undefined`, so equal values have equal text. Throws on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  const text = JSON.stringify(sortKeys(value));
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/** Lower-case hexadecimal SHA-256 of the value's canonical JSON: names the content of a resource. */
export function contentHash(value: unknown): string {
  return hash('sha256', canonicalJson(value));
}

/** The value with the keys of all its objects sorted. What is in order already is not copied: most that travels is. */
function sortKeys(value: unknown): unknown {
  if (isInOrder(value)) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]));
}

function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let last = '';
  for (const key of Object.keys(value)) {
    if (key < last || !isInOrder((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}
