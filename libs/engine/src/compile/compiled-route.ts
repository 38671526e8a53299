import type { Route, Service } from '@tollgate/contracts/gateway';
import type { Lane } from '../account/lane.ts';
import { AddressSet } from '../matching/address-set.ts';
import { compileExpression, type Predicate } from '../matching/expression.ts';
import { parsePathPattern, type PathPattern } from '../matching/path-pattern.ts';
import type { RoutingRule } from '../matching/router.ts';
import type { RouteIdentity } from '../policy/call.ts';
import type { Pipeline } from '../policy/pipeline.ts';
import type { UpstreamPool, UpstreamTimeouts } from '../upstream/upstream-pool.ts';
import type { References } from './dependants.ts';
import { PipelineSlot } from './pipeline-table.ts';
import { UpstreamSlot } from './upstream-slots.ts';

const none: readonly string[] = [];

/** The parts of a route that others have compiled; equal ones are one object for all routes. */
export interface RouteParts {
  readonly id: string;
  readonly route: Route;
  readonly service: Service | undefined;
  readonly references: References;
  /** Its own, or where it finds that of all routes with the same levels. */
  readonly pipeline: Pipeline | PipelineSlot;
  /** Null = every method. */
  readonly methods: ReadonlySet<string> | null;
  /** Its own, or where it finds that of an upstream or service; null = none. */
  readonly upstream: UpstreamPool | UpstreamSlot | null;
  /** The route's own timeouts, stronger than the upstream's. */
  readonly timeouts: UpstreamTimeouts | null;
}

interface RouteFields extends Omit<RouteParts, 'route' | 'service'>, RoutingRule, RouteIdentity {
  readonly allowsUpgrade: boolean;
  readonly inherits: Inheritance;
}

interface Inheritance {
  readonly hosts: boolean;
  readonly upgrade: boolean;
}

/**
 * A route ready for calls. Nothing in it changes as long as a call holds it, but for what it shares with others: a new upstream or pipeline
 * takes the place of the old one for all of them at once.
 */
export class CompiledRoute implements RoutingRule, RouteIdentity {
  // What every call reads stands first, so that it comes from memory together.
  readonly methods: ReadonlySet<string> | null;
  readonly addresses: AddressSet | null;
  readonly predicate: Predicate | null;
  readonly #pipeline: Pipeline | PipelineSlot;
  readonly #upstream: UpstreamPool | UpstreamSlot | null;
  /** The route's own timeouts, stronger than the upstream's. */
  readonly timeouts: UpstreamTimeouts | null;
  readonly allowsUpgrade: boolean;
  /** Where calls are counted that no consumer makes; null before the first of them, because most of many routes have none. */
  lane: Lane | null = null;
  readonly id: string;
  readonly serviceId: string | null;
  readonly name: string | null;
  readonly priority: number;
  readonly hosts: readonly string[];
  readonly paths: readonly PathPattern[];
  readonly references: References;

  /** What it takes from its service, because it does not say so itself. */
  readonly #inherits: Inheritance;

  private constructor(route: RouteFields) {
    this.methods = route.methods;
    this.addresses = route.addresses;
    this.predicate = route.predicate;
    this.#pipeline = route.pipeline;
    this.#upstream = route.upstream;
    this.timeouts = route.timeouts;
    this.allowsUpgrade = route.allowsUpgrade;
    this.id = route.id;
    this.serviceId = route.serviceId;
    this.name = route.name;
    this.priority = route.priority;
    this.hosts = route.hosts;
    this.paths = route.paths;
    this.references = route.references;
    this.#inherits = route.inherits;
  }

  /** Throws an Error with a reason for people when the route cannot be served as it is written. */
  static compile({ id, route, service, references, pipeline, methods, upstream, timeouts }: RouteParts): CompiledRoute {
    const addresses = route.remote_addr === undefined ? route.remote_addrs : [route.remote_addr];
    const hosts = route.host === undefined ? route.hosts : [route.host];
    return new CompiledRoute({
      methods,
      addresses: addresses === undefined ? null : new AddressSet(addresses),
      predicate: route.vars === undefined || route.vars.length === 0 ? null : compileExpression(route.vars),
      pipeline,
      upstream,
      timeouts,
      allowsUpgrade: route.enable_websocket ?? service?.enable_websocket ?? false,
      id,
      serviceId: route.service_id ?? null,
      name: route.name ?? null,
      priority: route.priority,
      hosts: distinct(hosts ?? service?.hosts),
      paths: distinct(route.uri === undefined ? route.uris : [route.uri]).map(parsePathPattern),
      references,
      inherits: inheriting(hosts === undefined, route.enable_websocket === undefined),
    });
  }

  /** The same route after its service has changed; what it says itself stays. */
  under({ hosts, enable_websocket: upgrade = false }: Service): CompiledRoute {
    const inherits = this.#inherits;
    return new CompiledRoute({
      methods: this.methods,
      addresses: this.addresses,
      predicate: this.predicate,
      pipeline: this.#pipeline,
      upstream: this.#upstream,
      timeouts: this.timeouts,
      allowsUpgrade: inherits.upgrade ? upgrade : this.allowsUpgrade,
      id: this.id,
      serviceId: this.serviceId,
      name: this.name,
      priority: this.priority,
      hosts: inherits.hosts ? distinct(hosts) : this.hosts,
      paths: this.paths,
      references: this.references,
      inherits,
    });
  }

  get identity(): RouteIdentity {
    return this;
  }

  get pipeline(): Pipeline {
    const pipeline = this.#pipeline;
    return pipeline instanceof PipelineSlot ? pipeline.current : pipeline;
  }

  get upstream(): UpstreamPool | null {
    const upstream = this.#upstream;
    return upstream instanceof UpstreamSlot ? upstream.pool : upstream;
  }

  /** Where it finds its pipeline; null when that is its own. */
  get sharedPipeline(): PipelineSlot | null {
    return this.#pipeline instanceof PipelineSlot ? this.#pipeline : null;
  }
}

/** Throws an Error with a reason for people when no data plane can serve such a route. */
export function refuseLua({ script, filter_func: filter }: Route): void {
  if (script !== undefined || filter !== undefined) {
    throw new Error('script and filter_func are Lua; use vars or a policy instead');
  }
}

/** Whether routes of the service are served elsewhere, or otherwise, for what it says now. */
export function affectsRouting(before: Service | undefined, after: Service | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const isSameHosts = (before.hosts ?? none).join(' ') === (after.hosts ?? none).join(' ');
  return !isSameHosts || before.enable_websocket !== after.enable_websocket;
}

/** One object per combination. */
const inheritances: readonly Inheritance[] = [false, true].flatMap((hosts) =>
  [false, true].map((upgrade) => ({ hosts, upgrade })),
);

function inheriting(hosts: boolean, upgrade: boolean): Inheritance {
  return inheritances[(hosts ? 2 : 0) + (upgrade ? 1 : 0)]!;
}

/** Routes hold one name or none more often than not. */
function distinct(names: readonly string[] = none): readonly string[] {
  return names.length < 2 ? names : [...new Set(names)];
}
