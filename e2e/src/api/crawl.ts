import { type ApiDescription, fillPath, type Operation } from './operations.ts';
import { send } from './send.ts';

/** Values of path parameters that name existing objects, one set per path template. */
export type KnownPaths = ReadonlyMap<string, Readonly<Record<string, string>>>;

interface ListedItem {
  id?: unknown;
  number?: unknown;
  name?: unknown;
  revision?: unknown;
}

/** What a list's item is called by in the path below the list. */
function valueFor(parameter: string, item: ListedItem): string | undefined {
  const candidates: Record<string, unknown> = { number: item.number, name: item.name, revision: item.revision };
  const value = candidates[parameter] ?? item.id;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/**
 * Walks all lists that a token can read, from the top down, and remembers for every path template the parameters of one object that
 * exists. `roots` gives parameters that no list names, e.g. the slug of a site.
 */
export async function crawl(
  baseUrl: string,
  api: ApiDescription,
  token: string,
  access: Operation['access'][],
  roots: Record<string, string> = {},
): Promise<KnownPaths> {
  const known = new Map<string, Readonly<Record<string, string>>>();
  const lists = api.operations
    .filter((operation) => operation.kind === 'list' && access.includes(operation.access))
    .toSorted((a, b) => a.path.length - b.path.length);
  for (const list of lists) {
    const parent = parametersOf(list.path, known, roots);
    if (parent === undefined) continue;
    known.set(list.path, parent);
    const answer = await send(baseUrl, { operation: list, target: fillPath(list.path, parent), token });
    if (answer.status !== 200) continue;
    const item = (JSON.parse(answer.text) as { items: ListedItem[] }).items[0];
    if (item === undefined) continue;
    for (const { path } of api.operations) {
      const below = path.startsWith(`${list.path}/{`) ? path.slice(list.path.length + 2) : undefined;
      const parameter = below?.split('}')[0];
      const value = parameter === undefined ? undefined : valueFor(parameter, item);
      if (parameter !== undefined && value !== undefined)
        known.set(`${list.path}/{${parameter}}`, { ...parent, [parameter]: value });
    }
  }
  return known;
}

/** Parameters of an existing object for this template: of the longest known prefix, if that fills all of them. */
export function parametersOf(
  path: string,
  known: KnownPaths,
  roots: Record<string, string> = {},
): Readonly<Record<string, string>> | undefined {
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  if (names.every((name) => name in roots)) return Object.fromEntries(names.map((name) => [name, roots[name] ?? '']));
  const parts = path.split('/');
  for (let length = parts.length; length > 0; length -= 1) {
    const found = known.get(parts.slice(0, length).join('/'));
    if (found !== undefined && names.every((name) => name in found)) return found;
  }
  const fromAnywhere = Object.assign({}, ...[...known.values()]) as Record<string, string>;
  return names.every((name) => name in fromAnywhere)
    ? Object.fromEntries(names.map((name) => [name, fromAnywhere[name] ?? '']))
    : undefined;
}
