import type { RoutingFacts, RoutingRule } from '../matching/routing-rule.ts';

/** What a route says about hosts and paths, as it is written. */
export interface WrittenRoute {
  readonly rule: RoutingRule;
  readonly uris: readonly string[];
}

interface Candidate {
  readonly id: string;
  /** Compared one after the other; the higher wins. */
  readonly rank: readonly number[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** The plain reading of APISIX's matching, which tries every route: what the router is held against in tests. */
export function matchByTrying(
  routes: Iterable<WrittenRoute>,
  facts: RoutingFacts,
): Pick<Candidate, 'id' | 'parameters'> | undefined {
  let best: Candidate | undefined;
  for (const { rule, uris } of routes) {
    const fits =
      (rule.methods === null || rule.methods.has(facts.method)) &&
      (rule.predicate === null || rule.predicate((name) => facts.variable(name)));
    if (!fits) continue;
    for (const hostRank of hostRanks(rule.hosts, facts.host)) {
      for (const uri of uris) {
        const path = tryPath(uri, facts.path);
        if (path === null) continue;
        const rank = [hostRank, path.literal, rule.priority, path.hasParameters ? 1 : 0];
        const candidate = { id: rule.id, rank, parameters: path.parameters };
        if (best === undefined || isBetter(candidate, best)) best = candidate;
      }
    }
  }
  return best;
}

function isBetter(a: Candidate, b: Candidate): boolean {
  const at = a.rank.findIndex((rank, index) => rank !== b.rank[index]);
  return at < 0 ? a.id < b.id : (a.rank[at] ?? 0) > (b.rank[at] ?? 0);
}

/** Exact names above wildcards, longer wildcards above shorter ones, no host at all last. */
function hostRanks(hosts: readonly string[], host: string): number[] {
  if (hosts.length === 0) return [0];
  return hosts.flatMap((pattern) => {
    if (pattern === host) return [Infinity];
    return pattern.startsWith('*.') && host.endsWith(pattern.slice(1)) ? [pattern.length] : [];
  });
}

/** Null when the path does not fit; an exact path stands above every literal. A star stands in the last segment, if at all. */
function tryPath(uri: string, path: string) {
  const special = uri.search(/\*|(?<=\/):/);
  if (special < 0) return uri === path ? { literal: Infinity, hasParameters: false, parameters: {} } : null;
  const literal = uri.slice(0, special);
  if (!path.startsWith(literal)) return null;
  const wanted = uri.slice(special).split('/');
  const given = path.slice(special).split('/');
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const star = part.indexOf('*');
    if (star >= 0) {
      const rest = given.slice(index).join('/');
      if (given.length <= index || !rest.startsWith(part.slice(0, star))) return null;
      const name = part.slice(star + 1);
      if (name !== '' && wanted.length > 1) parameters[name] = rest;
      return { literal: literal.length, hasParameters: wanted.length > 1, parameters };
    }
    const segment = given[index];
    if (segment === undefined) return null;
    if (part.startsWith(':')) {
      if (segment === '') return null;
      parameters[part.slice(1)] = segment;
    } else if (part !== segment) return null;
  }
  return given.length === wanted.length ? { literal: literal.length, hasParameters: true, parameters } : null;
}
