import type { NearMiss } from '@tollgate/contracts/dataplane';
import type { PathPattern } from '../matching/path-pattern.ts';
import type { RoutingFacts, RoutingRule } from '../matching/routing-rule.ts';

/** Routes that are looked at; more would keep the worker from its calls. */
const mostRoutes = 20_000;
const mostMisses = 5;
const mostExpected = 20;
const longestExpected = 1000;

/** A route as it can be told of. */
type NamedRule = RoutingRule & { readonly name: string | null };

interface Candidate {
  readonly route: NamedRule;
  readonly mismatch: NearMiss['mismatch'];
  /** The higher, the nearer. */
  readonly nearness: number;
}

/** Nearer than any path that differs. */
const otherwiseRight = 1_000_000;

/** The routes that all but one of their conditions let match, nearest first. */
export function findNearMisses(
  routes: Iterable<NamedRule>,
  facts: RoutingFacts,
): { readonly nearMisses: NearMiss[]; readonly allRoutesSeen: boolean } {
  const nearest: Candidate[] = [];
  let seen = 0;
  for (const route of routes) {
    if (seen++ === mostRoutes) return { nearMisses: nearest.map(toNearMiss), allRoutesSeen: false };
    const mismatch = onlyMismatch(route, facts);
    if (mismatch === null) continue;
    const nearness = mismatch === 'path' ? likeness(route, facts.path) : otherwiseRight;
    const place = nearest.findIndex((other) => other.nearness < nearness);
    nearest.splice(place < 0 ? nearest.length : place, 0, { route, mismatch, nearness });
    if (nearest.length > mostMisses) nearest.pop();
  }
  return { nearMisses: nearest.map(toNearMiss), allRoutesSeen: true };
}

/** The one condition that is not met; null when there are none or several. */
function onlyMismatch(route: RoutingRule, facts: RoutingFacts): NearMiss['mismatch'] | null {
  let found: NearMiss['mismatch'] | null = null;
  for (const [mismatch, holds] of conditions) {
    if (holds(route, facts)) continue;
    if (found !== null) return null;
    found = mismatch;
  }
  return found;
}

/** Cheap ones first. */
const conditions: readonly (readonly [NearMiss['mismatch'], (route: RoutingRule, facts: RoutingFacts) => boolean])[] = [
  ['method', ({ methods }, { method }) => methods === null || methods.has(method)],
  ['path', ({ paths }, { path }) => paths.some((pattern) => takesPath(pattern, path))],
  ['host', ({ hosts }, { host }) => hosts.length === 0 || hosts.some((pattern) => takesHost(pattern, host))],
  ['client-address', ({ addresses }, { clientAddress }) => addresses === null || addresses.has(clientAddress)],
  ['vars', ({ predicate }, facts) => predicate === null || predicate((name) => facts.variable(name))],
];

function takesPath({ literal, isExact, remainder }: PathPattern, path: string): boolean {
  if (isExact) return path === literal;
  return path.startsWith(literal) && (remainder === null || remainder.test(path.slice(literal.length)));
}

function takesHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*')) return pattern === host;
  return host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

/** Characters that a path has in common with the nearest of the route's patterns, from the beginning. */
function likeness({ paths }: RoutingRule, path: string): number {
  return Math.max(
    0,
    ...paths.map(({ literal }) => {
      let length = 0;
      while (length < literal.length && literal[length] === path[length]) length++;
      return length;
    }),
  );
}

function toNearMiss({ route, mismatch }: Candidate): NearMiss {
  const expected = expectedBy(route, mismatch).slice(0, mostExpected);
  return {
    routeId: route.id,
    name: route.name,
    mismatch,
    expected: expected.map((text) => text.slice(0, longestExpected)),
  };
}

/** Conditions on variables may hold what is secret, so they are not told. */
function expectedBy(route: RoutingRule, mismatch: NearMiss['mismatch']): readonly string[] {
  switch (mismatch) {
    case 'host':
      return route.hosts;
    case 'path':
      return route.paths.map(({ uri }) => uri);
    case 'method':
      return [...(route.methods ?? [])];
    default:
      return [];
  }
}
