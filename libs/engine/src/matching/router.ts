import { HostMap } from './host-map.ts';
import type { PathPattern } from './path-pattern.ts';
import { PathTree } from './path-tree.ts';
import type { Match, RoutingFacts, RoutingRule } from './routing-rule.ts';

export type { Match, RoutingFacts, RoutingRule } from './routing-rule.ts';

/** Where routes without hosts stand. */
const anyHosts: readonly string[] = ['*'];

/**
 * APISIX's `radixtree_host_uri`: exact host, then wildcard hosts, then routes without a host; in each the exact path, then
 * the longest literal prefix; among equals the highest priority whose method, address and `vars` fit. Immutable: a change
 * makes a new router that shares all it can.
 */
export class Router<R extends RoutingRule> {
  readonly #trees: HostMap<PathTree<R>>;

  private constructor(trees: HostMap<PathTree<R>>) {
    this.#trees = trees;
  }

  static empty<R extends RoutingRule>(): Router<R> {
    return new Router<R>(HostMap.empty());
  }

  /** Takes routes out and puts routes in, in one step. */
  with(changes: { readonly remove: Iterable<R>; readonly insert: Iterable<R> }): Router<R> {
    const trees = new Map<string, PathTree<R> | undefined>();
    for (const [host, tree] of this.#touchedBy(changes)) trees.set(host, tree.isEmpty ? undefined : tree);
    return new Router(this.#trees.with(trees));
  }

  match(facts: RoutingFacts): Match<R> | undefined {
    return this.#trees.find(facts.host, findIn<R>, facts);
  }

  /** The trees that a change makes, by host. */
  #touchedBy({ remove, insert }: { remove: Iterable<R>; insert: Iterable<R> }): Map<string, PathTree<R>> {
    const edit = {};
    const touched = new Map<string, PathTree<R>>();
    const treeOf = (host: string) => touched.get(host) ?? this.#trees.get(host) ?? PathTree.empty<R>();
    for (const route of remove) {
      forEachPlace(route, (host, pattern) => touched.set(host, treeOf(host).remove(edit, pattern, route)));
    }
    for (const route of insert) {
      forEachPlace(route, (host, pattern) => touched.set(host, treeOf(host).insert(edit, pattern, route)));
    }
    return touched;
  }
}

function findIn<R extends RoutingRule>(tree: PathTree<R>, facts: RoutingFacts): Match<R> | undefined {
  return tree.find(facts);
}

function forEachPlace<R extends RoutingRule>(route: R, visit: (host: string, pattern: PathPattern) => void): void {
  for (const host of route.hosts.length === 0 ? anyHosts : route.hosts) {
    for (const pattern of route.paths) visit(host, pattern);
  }
}
