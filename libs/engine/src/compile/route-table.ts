import type { Route, Service } from '@tollgate/contracts/gateway';
import type { Router } from '../matching/router.ts';
import { Pipeline } from '../policy/pipeline.ts';
import { noPolicies, type PolicySet } from '../policy/policy-set.ts';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import type { ChangedResources } from './changed-resources.ts';
import { type CompiledRoute, compileRoute } from './compiled-route.ts';
import { isStreamScheme } from './compiled-stream-route.ts';
import type { CreatePool } from './create-pool.ts';
import { Dependants, referenceFields, referenceIn } from './dependants.ts';
import type { CompileFault } from './group-compiler.ts';
import type { LevelTable } from './level-table.ts';
import { MethodSets } from './method-sets.ts';
import { PipelineCache } from './pipeline-cache.ts';
import type { ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';
import { UpstreamTable } from './upstream-table.ts';

/** The compiled routes of a group and the upstreams behind them. */
export class RouteTable {
  readonly #routes = new StagedMap<string, CompiledRoute>();
  readonly #upstreams: UpstreamTable;
  readonly #dependants = new Dependants();
  readonly #pipelines = new PipelineCache();
  readonly #methodSets = new MethodSets();

  constructor(
    private readonly resources: ResourceTable,
    private readonly levels: LevelTable,
    createPool: CreatePool,
  ) {
    this.#upstreams = new UpstreamTable(createPool);
  }

  /** Compiles what the changed resources touch: the routes among them and those that refer to them. */
  compile(changed: ChangedResources): CompileFault[] {
    const { services, routes } = this.#dependants.touchedBy(changed);
    const faults: CompileFault[] = [];
    for (const id of changed.ids('upstream')) {
      const upstream = this.resources.get('upstream', id);
      // Those for streams are compiled with the stream routes that refer to them.
      const isForStreams = upstream !== undefined && isStreamScheme(upstream.scheme);
      faults.push(...this.#upstreams.compile('upstream', id, isForStreams ? undefined : upstream));
    }
    for (const id of services) faults.push(...this.#compileService(id));
    for (const id of routes) this.#compileRoute(id, faults);
    if (changed.has('plugin_metadata')) {
      for (const [id] of this.resources.ofKind('route')) if (!routes.has(id)) this.#compileRoute(id, faults);
    }
    return faults;
  }

  /** Puts the pending routes in force and returns the router that has them. To be called while the resources are pending. */
  keep(router: Router<CompiledRoute>): Router<CompiledRoute> {
    this.#upstreams.keep();
    for (const kind of ['service', 'route'] as const) {
      this.resources.forEachChange(kind, (id, before, after) => {
        this.#dependants.update({ kind, id }, { before, after });
      });
    }
    const remove: CompiledRoute[] = [];
    const insert: CompiledRoute[] = [];
    this.#routes.forEachChange((_id, before, after) => {
      if (before !== undefined) remove.push(before);
      if (after !== undefined) insert.push(after);
    });
    this.#routes.keep();
    return remove.length + insert.length === 0 ? router : router.with({ remove, insert });
  }

  discard(): void {
    this.#upstreams.discard();
    this.#routes.discard();
  }

  retireAll(): void {
    this.#upstreams.retireAll();
  }

  #compileService(id: string): CompileFault[] {
    const service = this.resources.get('service', id);
    const faults = this.#upstreams.compile('service', id, service?.upstream);
    if (service !== undefined) this.#findMissing('service', id, service, faults);
    return faults;
  }

  #compileRoute(id: string, faults: CompileFault[]): void {
    const route = this.resources.get('route', id);
    if (route === undefined || route.status === 0) {
      this.#routes.delete(id);
      this.#upstreams.compile('route', id, undefined);
      return;
    }
    const known = faults.length;
    faults.push(...this.#upstreams.compile('route', id, route.upstream));
    this.#findMissing('route', id, route, faults);
    if (faults.length > known) return;
    const service = route.service_id === undefined ? undefined : this.resources.get('service', route.service_id);
    try {
      const pipeline = this.#pipelineOf(id, route, service);
      const methods = this.#methodSets.get(route.methods);
      const upstream = this.#upstreamOf(id, route, service);
      this.#routes.set(id, compileRoute({ id, route, service, pipeline, methods, upstream }));
    } catch (cause) {
      faults.push({ kind: 'route', id, pointer: '', message: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  /** The route's own upstream, or that of its service. */
  #upstreamOf(id: string, route: Route, service: Service | undefined): UpstreamPool | null {
    if (route.upstream !== undefined) return this.#upstreams.get('route', id);
    if (route.upstream_id !== undefined) return this.#upstreams.get('upstream', route.upstream_id);
    if (service?.upstream !== undefined) return this.#upstreams.get('service', route.service_id ?? '');
    return service?.upstream_id === undefined ? null : this.#upstreams.get('upstream', service.upstream_id);
  }

  /** Of the route, its template, its service and the service's template, strongest first. */
  #pipelineOf(id: string, route: Route, service: Service | undefined): Pipeline {
    const own = this.levels.get('route', id);
    const shared: PolicySet[] = [];
    this.#addLevel(shared, 'plugin_config', route.plugin_config_id);
    this.#addLevel(shared, 'service', route.service_id);
    this.#addLevel(shared, 'plugin_config', service?.plugin_config_id);
    return own.size === 0 ? this.#pipelines.get(shared) : new Pipeline([own, ...shared]);
  }

  #addLevel(levels: PolicySet[], kind: 'plugin_config' | 'service', id: string | undefined): void {
    const level = id === undefined ? noPolicies : this.levels.get(kind, id);
    if (level.size > 0) levels.push(level);
  }

  #findMissing(kind: 'service' | 'route', id: string, holder: Route | Service, faults: CompileFault[]): void {
    const { upstream_id: upstreamId } = holder;
    const scheme = upstreamId === undefined ? undefined : this.resources.get('upstream', upstreamId)?.scheme;
    if (kind === 'route' && scheme !== undefined && isStreamScheme(scheme)) {
      faults.push({ kind, id, pointer: '/upstream_id', message: `scheme "${scheme}" is for stream routes` });
      return;
    }
    for (const reference of referenceFields[kind]) {
      const other = referenceIn(holder, reference);
      if (other === undefined || this.resources.get(reference.kind, other) !== undefined) continue;
      faults.push({ kind, id, pointer: '', message: `refers to ${reference.kind}/${other}, which does not exist` });
    }
  }
}
