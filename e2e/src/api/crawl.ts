import { type ApiDescription, fillPath, type Operation } from './operations.ts';
import { send } from './send.ts';

type Parameters = Readonly<Record<string, string>>;

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

/** Parameters that name objects which exist, found by walking all lists that a token can read from the top down. */
export class KnownObjects {
  /** By path template of a list or of what stands below it. */
  private readonly byPath = new Map<string, Parameters>();
  private readonly byPrefix = new Map<string, string>();

  /** @param roots parameters that no list names, e.g. the slug of a site. */
  constructor(private readonly roots: Parameters) {}

  /** Every id that was seen. */
  get ids(): ReadonlySet<string> {
    return new Set([...this.byPrefix.values()]);
  }

  /** Parameters of an existing object for this operation, or undefined when none was seen. */
  for(operation: Operation): Parameters | undefined {
    const parts = operation.path.split('/');
    for (let length = parts.length; length > 0; length -= 1) {
      const found = this.byPath.get(parts.slice(0, length).join('/'));
      const filled = found === undefined ? undefined : this.fill(operation, found);
      if (filled !== undefined) return filled;
    }
    return this.fill(operation, {});
  }

  /** Remembers the first item of a list and every id in the answer. */
  remember(list: Operation, parent: Parameters, paths: readonly string[], text: string): void {
    for (const [id, prefix] of text.matchAll(/\b([a-z]+)_[0-9a-v]{26}\b/g))
      if (prefix !== undefined && !this.byPrefix.has(prefix)) this.byPrefix.set(prefix, id);
    this.byPath.set(list.path, parent);
    const item = (JSON.parse(text) as { items: ListedItem[] }).items[0];
    if (item === undefined) return;
    for (const path of paths) {
      const parameter = path.startsWith(`${list.path}/{`) ? path.slice(list.path.length + 2).split('}')[0] : undefined;
      const value = parameter === undefined ? undefined : valueFor(parameter, item);
      if (parameter !== undefined && value !== undefined)
        this.byPath.set(`${list.path}/{${parameter}}`, { ...parent, [parameter]: value });
    }
  }

  private fill(operation: Operation, found: Parameters): Parameters | undefined {
    const values = operation.pathParameters.map(
      (name) => [name, found[name] ?? this.roots[name] ?? this.byPrefix.get(operation.idPrefixes[name] ?? '')] as const,
    );
    return values.every((entry): entry is [string, string] => entry[1] !== undefined)
      ? Object.fromEntries(values)
      : undefined;
  }
}

/** Walks all lists that a token can read. */
export async function crawl(
  baseUrl: string,
  api: ApiDescription,
  options: { token: string; access: Operation['access'][]; roots?: Parameters },
): Promise<KnownObjects> {
  const known = new KnownObjects(options.roots ?? {});
  const paths = [...new Set(api.operations.map(({ path }) => path))];
  const lists = api.operations
    .filter((operation) => operation.kind === 'list' && options.access.includes(operation.access))
    .toSorted((a, b) => a.path.length - b.path.length);
  for (const list of lists) {
    const parent = known.for(list);
    if (parent === undefined) continue;
    const answer = await send(baseUrl, { operation: list, target: fillPath(list.path, parent), token: options.token });
    if (answer.status === 200) known.remember(list, parent, paths, answer.text);
  }
  return known;
}
