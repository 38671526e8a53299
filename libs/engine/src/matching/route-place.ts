import type { Predicate } from './expression.ts';
import type { PathPattern } from './path-pattern.ts';
import type { Match, RoutingFacts, RoutingRule } from './routing-rule.ts';

const noParameters: Match<RoutingRule>['parameters'] = Object.freeze(Object.create(null) as Record<string, string>);

/**
 * A route at one of its patterns: a link of the list of those that are filed under the same host and literal, best first.
 * It is the match itself wherever its pattern captures nothing, so that most matches cost no memory.
 */
export class RoutePlace<R extends RoutingRule> implements Match<R> {
  readonly route: R;
  readonly pattern: PathPattern;
  readonly parameters: Match<R>['parameters'];
  readonly next: RoutePlace<R> | null;
  /** The pattern's, here so that a look-up need not read the pattern. */
  readonly #remainder: RegExp | null;

  private constructor({ route, pattern, parameters }: Match<R>, next: RoutePlace<R> | null) {
    this.route = route;
    this.pattern = pattern;
    this.parameters = parameters;
    this.next = next;
    this.#remainder = pattern.remainder;
  }

  /** The list with a route at its place by preference. */
  static add<R extends RoutingRule>(list: RoutePlace<R> | null, route: R, pattern: PathPattern): RoutePlace<R> {
    const added = { route, pattern, parameters: noParameters };
    const better: RoutePlace<R>[] = [];
    let rest = list;
    for (; rest !== null && isPreferred(rest, added); rest = rest.next) better.push(rest);
    return RoutePlace.#link(better, new RoutePlace(added, rest));
  }

  /** The list without a route at that pattern; the same list when it is not there. */
  static remove<R extends RoutingRule>(
    list: RoutePlace<R> | null,
    route: R,
    pattern: PathPattern,
  ): RoutePlace<R> | null {
    const before: RoutePlace<R>[] = [];
    for (let place = list; place !== null; place = place.next) {
      if (place.route === route && place.pattern === pattern) return RoutePlace.#link(before, place.next);
      before.push(place);
    }
    return list;
  }

  /** The first match from here on; `depth` is where the path goes on behind the literal of the list. */
  firstMatch(facts: RoutingFacts, depth: number): Match<R> | undefined {
    let match = this.#match(facts, depth);
    for (let place = this.next; match === undefined && place !== null; place = place.next) {
      match = place.#match(facts, depth);
    }
    return match;
  }

  #match(facts: RoutingFacts, depth: number): Match<R> | undefined {
    const remainder = this.#remainder;
    const captured = remainder === null ? null : remainder.exec(facts.path.slice(depth));
    if (remainder !== null && captured === null) return undefined;
    const { route } = this;
    if (route.methods !== null && !route.methods.has(facts.method)) return undefined;
    if (route.addresses !== null && !route.addresses.has(facts.clientAddress)) return undefined;
    if (route.predicate !== null && !holds(route.predicate, facts)) return undefined;
    const parameters = captured?.groups;
    return parameters === undefined ? this : new RoutePlace({ route, pattern: this.pattern, parameters }, null);
  }

  static #link<R extends RoutingRule, L extends RoutePlace<R> | null>(
    places: readonly RoutePlace<R>[],
    rest: L,
  ): RoutePlace<R> | L {
    return places.reduceRight<RoutePlace<R> | L>((next, place) => new RoutePlace(place, next), rest);
  }
}

/** Apart from its caller, which would make the closure's surroundings for every place, asked for or not. */
function holds(predicate: Predicate, facts: RoutingFacts): boolean {
  return predicate((name) => facts.variable(name));
}

/**
 * Priority first; then patterns with parameters before bare prefixes; then ids, so that the choice never depends on history; of
 * the patterns of one route the one that was written first.
 */
function isPreferred<R extends RoutingRule>(a: Match<R>, b: Match<R>): boolean {
  if (a.route.priority !== b.route.priority) return a.route.priority > b.route.priority;
  const hasParameters = a.pattern.remainder !== null;
  return hasParameters === (b.pattern.remainder !== null) ? a.route.id <= b.route.id : hasParameters;
}
