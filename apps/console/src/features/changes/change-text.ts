type Json = Record<string, unknown>;

/** A value as text in a stable order of keys, so that a diff shows what changed and not where it stood. */
export function stableJson(value: unknown): string {
  return JSON.stringify(sorted(value), null, 2);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One field that differs; a side that is missing has none. */
export interface ChangedField {
  /** `timeout.connect`, `nodes[0].weight`. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A value longer than this is for the diff, not for a line. */
const longestValue = 80;

/** Which fields differ, in a stable order, for people who do not read JSON. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  return compare(before, after, '');
}

function compare(before: unknown, after: unknown, path: string): ChangedField[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => compare(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isObject)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, index) => compare(before[index], after[index], `${path}[${index}]`));
  }
  const [old, now] = [textOf(before), textOf(after)];
  return old === now ? [] : [{ path, before: shortened(old), after: shortened(now) }];
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && !value.some((entry) => typeof entry === 'object')) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(sorted(value));
}

function shortened(text: string | undefined): string | undefined {
  return text !== undefined && text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** What people call a resource, where it says so. */
export function nameOf(value: Json | null | undefined): string | undefined {
  const name = value?.name ?? value?.username;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
