import { canonicalJson, type ResourceKey, type Route, type Service, type Upstream } from '@tollgate/contracts/gateway';
import type { Router } from '../matching/router.ts';
import { noPolicies, type PolicySet } from '../policy/policy-set.ts';
import { UpstreamPool } from '../upstream/upstream-pool.ts';
import { type CompiledRoute, compileRoute } from './compiled-route.ts';
import { isStreamScheme } from './compiled-stream-route.ts';
import { Dependants } from './dependants.ts';
import type { CompileFault } from './group-compiler.ts';
import type { LevelTable } from './level-table.ts';
import { type ResourceName, resourceName, type ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

interface KeptPool {
  readonly pool: UpstreamPool;
  readonly fingerprint: string;
}

/** The compiled routes of a group and the upstreams behind them. */
export class RouteTable {
  readonly #routes = new StagedMap<string, CompiledRoute>();
  /** By the resource that holds the upstream: an upstream, or a service or route with one inline. */
  readonly #pools = new StagedMap<ResourceName, KeptPool>();
  readonly #dependants = new Dependants();
  readonly #references = new Map<ResourceName, ResourceName[]>();

  constructor(
    private readonly resources: ResourceTable,
    private readonly levels: LevelTable,
    private readonly now: () => number,
  ) {}

  /** Compiles what the changed resources touch: the routes among them and those that refer to them. */
  compile(changed: readonly ResourceKey[]): CompileFault[] {
    const metadataChanged = changed.some(({ kind }) => kind === 'plugin_metadata');
    const everyRoute = metadataChanged ? [...this.resources.ofKind('route')].map(([id]) => `route/${id}`) : [];
    const touched = this.#dependants.closure([...changed.map(resourceName), ...everyRoute]);
    return [
      ...idsOf(touched, 'upstream').flatMap((id) => this.#compilePool('upstream', id)),
      ...idsOf(touched, 'service').flatMap((id) => this.#compileService(id)),
      ...idsOf(touched, 'route').flatMap((id) => this.#compileRoute(id)),
    ];
  }

  /** Puts the pending routes in force and returns the router that has them. */
  commit(router: Router<CompiledRoute>): Router<CompiledRoute> {
    for (const { before, after } of this.#pools.commit()) {
      if (before !== undefined && before.pool !== after?.pool) before.pool.retire();
    }
    for (const [referrer, references] of this.#references) this.#dependants.update(referrer, references);
    this.#references.clear();
    const changes = this.#routes.commit();
    if (changes.length === 0) return router;
    return router.with({
      remove: changes.flatMap(({ before }) => before ?? []),
      insert: changes.flatMap(({ after }) => after ?? []),
    });
  }

  discard(): void {
    for (const [name, { pool }] of this.#pools.entries()) {
      if (this.#pools.getKept(name)?.pool !== pool) pool.retire();
    }
    this.#pools.discard();
    this.#routes.discard();
    this.#references.clear();
  }

  retireAll(): void {
    for (const [, { pool }] of this.#pools.entries()) pool.retire();
  }

  #compileService(id: string): CompileFault[] {
    const service = this.resources.get('service', id);
    this.#references.set(`service/${id}`, referencesOf(service));
    if (service === undefined) {
      this.#pools.delete(`service/${id}`);
      return [];
    }
    return [...this.#compilePool('service', id), ...this.#missing({ kind: 'service', id }, service)];
  }

  #compileRoute(id: string): CompileFault[] {
    const key: ResourceKey = { kind: 'route', id };
    const route = this.resources.get('route', id);
    this.#references.set(`route/${id}`, referencesOf(route));
    if (route === undefined || route.status === 0) {
      this.#routes.delete(id);
      this.#pools.delete(`route/${id}`);
      return [];
    }
    const faults = [...this.#compilePool('route', id), ...this.#missing(key, route)];
    if (faults.length > 0) return faults;
    const service = route.service_id === undefined ? undefined : this.resources.get('service', route.service_id);
    try {
      const upstream = this.#poolOf(resourceName(key), route) ?? this.#poolOf(`service/${route.service_id}`, service);
      this.#routes.set(id, compileRoute({ id, route, service, levels: this.#levelsOf(id, route, service), upstream }));
      return [];
    } catch (cause) {
      return [{ ...key, pointer: '', message: cause instanceof Error ? cause.message : String(cause) }];
    }
  }

  #levelsOf(id: string, route: Route, service: Service | undefined): PolicySet[] {
    const template = (templateId: string | undefined) =>
      templateId === undefined ? noPolicies : this.levels.get('plugin_config', templateId);
    return [
      this.levels.get('route', id),
      template(route.plugin_config_id),
      route.service_id === undefined ? noPolicies : this.levels.get('service', route.service_id),
      template(service?.plugin_config_id),
    ];
  }

  #poolOf(owner: ResourceName, holder: Route | Service | undefined): UpstreamPool | null {
    if (holder === undefined) return null;
    const name = holder.upstream !== undefined ? owner : `upstream/${holder.upstream_id}`;
    return this.#pools.get(name)?.pool ?? null;
  }

  /** Keeps the pool, and its connections, when the upstream is the same as before. */
  #compilePool(kind: 'upstream' | 'service' | 'route', id: string): CompileFault[] {
    const name = resourceName({ kind, id });
    const upstream = kind === 'upstream' ? this.resources.get(kind, id) : this.resources.get(kind, id)?.upstream;
    // Those for streams are compiled with the stream routes that refer to them.
    if (upstream === undefined || (kind === 'upstream' && isStreamScheme(upstream.scheme))) {
      this.#pools.delete(name);
      return [];
    }
    const fingerprint = canonicalJson(upstream);
    if (this.#pools.get(name)?.fingerprint === fingerprint) return [];
    try {
      this.#pools.set(name, { pool: this.#createPool(upstream), fingerprint });
      return [];
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      return [{ kind, id, pointer: kind === 'upstream' ? '' : '/upstream', message }];
    }
  }

  #createPool(upstream: Upstream): UpstreamPool {
    return new UpstreamPool(upstream, this.now);
  }

  #missing(key: ResourceKey, holder: Route | Service): CompileFault[] {
    const { upstream_id: upstreamId } = holder;
    const scheme = upstreamId === undefined ? undefined : this.resources.get('upstream', upstreamId)?.scheme;
    if (key.kind === 'route' && scheme !== undefined && isStreamScheme(scheme)) {
      return [{ ...key, pointer: '/upstream_id', message: `scheme "${scheme}" is for stream routes` }];
    }
    return referencesOf(holder)
      .filter((name) => !this.#exists(name))
      .map((name) => ({ ...key, pointer: '', message: `refers to ${name}, which does not exist` }));
  }

  #exists(name: ResourceName): boolean {
    const [kind, id = ''] = name.split('/');
    return this.resources.get(kind as 'upstream' | 'service' | 'plugin_config', id) !== undefined;
  }
}

function idsOf(names: Iterable<ResourceName>, kind: string): string[] {
  return [...names].filter((name) => name.startsWith(`${kind}/`)).map((name) => name.slice(kind.length + 1));
}

function referencesOf(holder: Route | Service | undefined): ResourceName[] {
  if (holder === undefined) return [];
  const { upstream_id: upstreamId, plugin_config_id: templateId } = holder;
  const serviceId = 'service_id' in holder ? holder.service_id : undefined;
  return [
    ...(upstreamId === undefined ? [] : [`upstream/${upstreamId}`]),
    ...(templateId === undefined ? [] : [`plugin_config/${templateId}`]),
    ...(typeof serviceId === 'string' ? [`service/${serviceId}`] : []),
  ];
}
