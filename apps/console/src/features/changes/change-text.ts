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

function isListOfObjects(value: unknown): value is Json[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How much would change. When nothing would, the answer is the revision in force, whose own count says what that one changed. */
export function countOf({ changes, changed }: { changes: readonly unknown[]; changed: number }): number {
  return changes.length === 0 ? 0 : changed;
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
  const objects = bothAs(isObject, [before, after], {});
  if (objects !== undefined) {
    const [old, now] = objects;
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => compare(old[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  const lists = bothAs(isListOfObjects, [before, after], []);
  if (lists !== undefined) {
    const [old, now] = lists;
    const length = Math.max(old.length, now.length);
    return Array.from({ length }).flatMap((_, index) => compare(old[index], now[index], `${path}[${index}]`));
  }
  const [old, now] = [textOf(before), textOf(after)];
  return old === now ? [] : [{ path, before: shortened(old), after: shortened(now) }];
}

/** Both sides as what they are; one that is missing counts as empty. */
function bothAs<T>(is: (value: unknown) => value is T, [a, b]: [unknown, unknown], empty: T): [T, T] | undefined {
  if (is(a)) return is(b) ? [a, b] : b === undefined ? [a, empty] : undefined;
  return a === undefined && is(b) ? [empty, b] : undefined;
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

/** Name of the page where resources of a kind are edited: the word of the API’s paths. */
export function pageOf(kind: string): string {
  return kind === 'global_rule' ? 'global-policy' : kind.replaceAll('_', '-');
}
