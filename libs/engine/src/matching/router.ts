import type { AddressSet } from './address-set.ts';
import type { Predicate } from './expression.ts';
import { HostMap } from './host-map.ts';
import type { PathPattern } from './path-pattern.ts';
import { type Edit, PathTree } from './path-tree.ts';

/** What the router needs to know of a route. */
export interface RoutingRule {
  readonly id: string;
  /** Patterns in lower case; empty = every host of the group. */
  readonly hosts: readonly string[];
  readonly paths: readonly PathPattern[];
  /** Null = every method. */
  readonly methods: ReadonlySet<string> | null;
  readonly priority: number;
  readonly addresses: AddressSet | null;
  readonly predicate: Predicate | null;
}

/** What the router needs to know of a call. */
export interface RoutingFacts {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly clientAddress: string;
  variable(name: string): string | undefined;
}

/** A matched route with the parameters of its path. */
export interface Match<R extends RoutingRule> {
  readonly route: R;
  readonly pattern: PathPattern;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Entry<R extends RoutingRule> {
  readonly route: R;
  readonly pattern: PathPattern;
}

const noParameters: Readonly<Record<string, string>> = Object.freeze({});
const anyHost = '*';

/**
 * APISIX's `radixtree_host_uri`: exact host, then wildcard hosts, then routes without a host; in each the exact path, then
 * the longest literal prefix; among equals the highest priority whose method, address and `vars` fit. Immutable: a change
 * makes a new router that shares all it can.
 */
export class Router<R extends RoutingRule> {
  readonly #trees: HostMap<PathTree<Entry<R>>>;

  private constructor(trees: HostMap<PathTree<Entry<R>>>) {
    this.#trees = trees;
  }

  static empty<R extends RoutingRule>(): Router<R> {
    return new Router<R>(HostMap.empty());
  }

  /** Takes routes out and puts routes in, in one step. */
  with(changes: { readonly remove: Iterable<R>; readonly insert: Iterable<R> }): Router<R> {
    const edit: Edit = {};
    const touched = new Map<string, PathTree<Entry<R>>>();
    const treeOf = (host: string) =>
      touched.get(host) ?? this.#trees.get(host) ?? PathTree.empty<Entry<R>>(byPreference);
    for (const route of changes.remove) {
      forEachPlace(route, (host, pattern) => touched.set(host, removeRoute(treeOf(host), edit, pattern, route)));
    }
    for (const route of changes.insert) {
      forEachPlace(route, (host, pattern) => touched.set(host, treeOf(host).insert(edit, pattern, { route, pattern })));
    }
    return new Router(
      this.#trees.with(new Map([...touched].map(([host, tree]) => [host, tree.isEmpty ? undefined : tree]))),
    );
  }

  match(facts: RoutingFacts): Match<R> | undefined {
    return this.#trees.find(facts.host, (tree) => tree.find(facts.path, accept<R>, facts));
  }
}

function forEachPlace<R extends RoutingRule>(route: R, visit: (host: string, pattern: PathPattern) => void): void {
  for (const host of route.hosts.length === 0 ? [anyHost] : route.hosts) {
    for (const pattern of route.paths) visit(host, pattern);
  }
}

function removeRoute<R extends RoutingRule>(tree: PathTree<Entry<R>>, edit: Edit, pattern: PathPattern, route: R) {
  const entry = tree.entriesAt(pattern).find((candidate) => candidate.route === route && candidate.pattern === pattern);
  return entry === undefined ? tree : tree.remove(edit, pattern, entry);
}

/** Priority first; then patterns with parameters before bare prefixes; then ids, so that the choice never depends on history. */
function byPreference<R extends RoutingRule>(a: Entry<R>, b: Entry<R>): number {
  return (
    b.route.priority - a.route.priority ||
    Number(b.pattern.remainder !== null) - Number(a.pattern.remainder !== null) ||
    (a.route.id < b.route.id ? -1 : 1)
  );
}

function accept<R extends RoutingRule>({ route, pattern }: Entry<R>, remainder: string, facts: RoutingFacts) {
  const captured = pattern.remainder === null ? null : pattern.remainder.exec(remainder);
  if (pattern.remainder !== null && captured === null) return undefined;
  if (route.methods !== null && !route.methods.has(facts.method)) return undefined;
  if (route.addresses !== null && !route.addresses.has(facts.clientAddress)) return undefined;
  if (route.predicate !== null && !route.predicate((name) => facts.variable(name))) return undefined;
  return { route, pattern, parameters: captured?.groups ?? noParameters };
}
