import type { Route, Service } from '@tollgate/contracts/gateway';
import { AddressSet } from '../matching/address-set.ts';
import { compileExpression } from '../matching/expression.ts';
import { Lanes } from '../account/lane.ts';
import { parsePathPattern } from '../matching/path-pattern.ts';
import type { RoutingRule } from '../matching/router.ts';
import type { RouteIdentity } from '../policy/call.ts';
import type { Pipeline } from '../policy/pipeline.ts';
import { toTimeouts, type UpstreamPool, type UpstreamTimeouts } from '../upstream/upstream-pool.ts';

const none: readonly string[] = [];

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
  readonly pipeline: Pipeline;
  /** Null = every method. */
  readonly methods: ReadonlySet<string> | null;
  readonly upstream: UpstreamPool | null;
}

/** Compiles a route. Throws an Error with a reason for people when it cannot be served as it is written. */
export function compileRoute({ id, route, service, pipeline, methods, upstream }: RouteParts): CompiledRoute {
  if (route.script !== undefined || route.filter_func !== undefined) {
    throw new Error('script and filter_func are Lua; use vars or a policy instead');
  }
  const hosts = distinct(route.host === undefined ? (route.hosts ?? service?.hosts) : [route.host]);
  const uris = distinct(route.uri === undefined ? route.uris : [route.uri]);
  const addresses = route.remote_addr === undefined ? route.remote_addrs : [route.remote_addr];
  return {
    id,
    identity: { id, name: route.name ?? null, serviceId: route.service_id ?? null },
    hosts,
    paths: uris.map(parsePathPattern),
    methods,
    priority: route.priority,
    addresses: addresses === undefined ? null : new AddressSet(addresses),
    predicate: route.vars === undefined || route.vars.length === 0 ? null : compileExpression(route.vars),
    pipeline,
    upstream,
    timeouts: route.timeout === undefined ? null : toTimeouts(route.timeout),
    lanes: new Lanes(),
    allowsUpgrade: route.enable_websocket ?? service?.enable_websocket ?? false,
  };
}

/** Routes hold one name or none more often than not. */
function distinct(names: readonly string[] = none): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}
