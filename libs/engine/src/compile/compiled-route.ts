import type { Route, Service } from '@tollgate/contracts/gateway';
import { AddressSet } from '../matching/address-set.ts';
import { compileExpression } from '../matching/expression.ts';
import { Lanes } from '../account/lane.ts';
import { parsePathPattern } from '../matching/path-pattern.ts';
import type { RoutingRule } from '../matching/router.ts';
import type { RouteIdentity } from '../policy/call.ts';
import { Pipeline } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { toTimeouts, type UpstreamPool, type UpstreamTimeouts } from '../upstream/upstream-pool.ts';

/** A route ready for calls: nothing in it changes as long as a call holds it. */
export interface CompiledRoute extends RoutingRule {
  readonly identity: RouteIdentity;
  readonly pipeline: Pipeline;
  readonly upstream: UpstreamPool | null;
  /** The route's own timeouts, stronger than the upstream's. */
  readonly timeouts: UpstreamTimeouts | null;
  readonly allowsUpgrade: boolean;
  /** Where calls are counted that no consumer makes. */
  readonly lanes: Lanes;
}

/** The parts of a route that others have compiled. */
export interface RouteParts {
  readonly id: string;
  readonly route: Route;
  readonly service: Service | undefined;
  /** Strongest first: route, its template, service, its template. */
  readonly levels: readonly PolicySet[];
  readonly upstream: UpstreamPool | null;
}

/** Compiles a route. Throws an Error with a reason for people when it cannot be served as it is written. */
export function compileRoute({ id, route, service, levels, upstream }: RouteParts): CompiledRoute {
  if (route.script !== undefined || route.filter_func !== undefined) {
    throw new Error('script and filter_func are Lua; use vars or a policy instead');
  }
  const hosts = route.hosts ?? (route.host === undefined ? service?.hosts : [route.host]);
  const addresses = route.remote_addrs ?? (route.remote_addr === undefined ? undefined : [route.remote_addr]);
  const uris = route.uris ?? (route.uri === undefined ? [] : [route.uri]);
  return {
    id,
    identity: { id, name: route.name ?? null, serviceId: route.service_id ?? null },
    hosts: [...new Set(hosts ?? [])],
    paths: [...new Set(uris)].map(parsePathPattern),
    methods: route.methods === undefined || route.methods.length === 0 ? null : new Set(route.methods),
    priority: route.priority,
    addresses: addresses === undefined ? null : new AddressSet(addresses),
    predicate: route.vars === undefined || route.vars.length === 0 ? null : compileExpression(route.vars),
    pipeline: new Pipeline(levels.filter((level) => level.size > 0)),
    upstream,
    timeouts: route.timeout === undefined ? null : toTimeouts(route.timeout),
    lanes: new Lanes(),
    allowsUpgrade: route.enable_websocket ?? service?.enable_websocket ?? false,
  };
}
