import type { PathPattern } from './path-pattern.ts';
import { withReplaced } from './radix-change.ts';
import { type Edit, RadixNode } from './radix-node.ts';
import { RoutePlace } from './route-place.ts';
import type { Match, RoutingFacts, RoutingRule } from './routing-rule.ts';

/** Labels up to this long are compared character by character, which is faster than a call. */
const shortLabel = 6;

/** Room for the nodes that a look-up has passed, shared by all trees that come of one: nothing but nulls between look-ups. */
type Trail<R extends RoutingRule> = (RadixNode<RoutePlace<R>> | null)[];

/** The routes of one host pattern by path. Old trees stay valid; finding costs the length of the path, however many routes there are. */
export class PathTree<R extends RoutingRule> {
  readonly #root: RadixNode<RoutePlace<R>>;
  readonly #trail: Trail<R>;

  private constructor(root: RadixNode<RoutePlace<R>>, trail: Trail<R>) {
    this.#root = root;
    this.#trail = trail;
  }

  static empty<R extends RoutingRule>(): PathTree<R> {
    return new PathTree(new RadixNode<RoutePlace<R>>({}, ''), []);
  }

  get isEmpty(): boolean {
    return this.#root.isEmpty;
  }

  /** Files a route under one of its patterns. */
  insert(edit: Edit, pattern: PathPattern, route: R): PathTree<R> {
    return this.#with(
      withReplaced(this.#root, { key: pattern, edit, replace: (places) => RoutePlace.add(places, route, pattern) }),
    );
  }

  /** Takes a route away from one of its patterns; what is not there is ignored. */
  remove(edit: Edit, pattern: PathPattern, route: R): PathTree<R> {
    return this.#with(
      withReplaced(this.#root, { key: pattern, edit, replace: (places) => RoutePlace.remove(places, route, pattern) }),
    );
  }

  /** Offers routes best first: exact paths, then those of the longest literal down to the shortest. */
  find(facts: RoutingFacts): Match<R> | undefined {
    const { path } = facts;
    const { length } = path;
    let node = this.#root;
    let depth = 0;
    let longest: RadixNode<RoutePlace<R>> | null = null;
    let longestDepth = 0;
    for (;;) {
      if (node.through !== null) {
        longest = node;
        longestDepth = depth;
      }
      if (depth === length) {
        const match = node.exact?.firstMatch(facts, depth);
        if (match !== undefined) return match;
        break;
      }
      const child = node.child(path.charCodeAt(depth));
      if (child === undefined || !continues(path, child.label, depth + 1)) break;
      node = child;
      depth += 1 + child.label.length;
    }
    if (longest === null) return undefined;
    return longest.through?.firstMatch(facts, longestDepth) ?? this.#findShorter(facts, longestDepth);
  }

  /** The same for literals shorter than `below`, where a longer one has refused: goes there again and then back, node by node. */
  #findShorter(facts: RoutingFacts, below: number): Match<R> | undefined {
    const trail = this.#trail;
    let passed = 0;
    let node = this.#root;
    let depth = 0;
    while (depth < below) {
      trail[passed++] = node;
      node = node.child(facts.path.charCodeAt(depth)) ?? node;
      depth += 1 + node.label.length;
    }
    let match: Match<R> | undefined;
    while (passed > 0) {
      depth -= 1 + node.label.length;
      node = trail[--passed] ?? node;
      trail[passed] = null;
      if (match === undefined && node.through !== null) match = node.through.firstMatch(facts, depth);
    }
    return match;
  }

  #with(root: RadixNode<RoutePlace<R>>): PathTree<R> {
    return root === this.#root ? this : new PathTree(root, this.#trail);
  }
}

/** Whether `label` stands in `path` from `start` on. */
function continues(path: string, label: string, start: number): boolean {
  const { length } = label;
  if (length > shortLabel) return path.startsWith(label, start);
  if (length > path.length - start) return false;
  for (let index = 0; index < length; index++) {
    if (path.charCodeAt(start + index) !== label.charCodeAt(index)) return false;
  }
  return true;
}
