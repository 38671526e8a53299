import type { Route, Service } from '@tollgate/contracts/gateway';
import type { Router } from '../matching/router.ts';
import { Pipeline } from '../policy/pipeline.ts';
import { noPolicies, type PolicySet } from '../policy/policy-set.ts';
import { toTimeouts, type UpstreamPool, type UpstreamTimeouts } from '../upstream/upstream-pool.ts';
import type { ChangedResources } from './changed-resources.ts';
import { affectsRouting, CompiledRoute, refuseLua } from './compiled-route.ts';
import { isStreamScheme } from './compiled-stream-route.ts';
import type { CreatePool } from './create-pool.ts';
import { Dependants, referenceFields, referenceIn, type References } from './dependants.ts';
import type { CompileFault } from './group-compiler.ts';
import { Interned } from './interned.ts';
import type { LevelTable } from './level-table.ts';
import { MethodSets } from './method-sets.ts';
import { type PipelineSlot, type PipelineSource, PipelineTable } from './pipeline-table.ts';
import type { ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';
import { type UpstreamSlot, UpstreamSlots } from './upstream-slots.ts';
import { UpstreamTable } from './upstream-table.ts';

/** What is kept of a route: ready for calls, or, where nothing is served, only whom it refers to. */
type KeptRoute = CompiledRoute | { readonly references: References };

/** The compiled routes of a group and the upstreams behind them. */
export class RouteTable {
  readonly #routes = new StagedMap<string, KeptRoute>();
  readonly #upstreams: UpstreamTable;
  readonly #slots: UpstreamSlots;
  readonly #dependants = new Dependants();
  /** The routes whose pipeline is their own, by the levels below. */
  readonly #ownPipelines = new Dependants();
  readonly #pipelines = new PipelineTable((source) => this.#levelsOf(source));
  readonly #methodSets = new MethodSets();
  readonly #timeouts = new Interned<UpstreamTimeouts>();
  readonly #references = new Interned<{ readonly references: References }>();
  /** Services whose effective upstream the pending change may have replaced. */
  #touchedServices = new Set<string>();

  /** @param serves false where routes are only checked, and others serve them. */
  constructor(
    private readonly resources: ResourceTable,
    private readonly levels: LevelTable,
    createPool: CreatePool,
    private readonly serves: boolean,
  ) {
    this.#upstreams = new UpstreamTable(createPool, serves);
    this.#slots = new UpstreamSlots((kind, id) =>
      kind === 'upstream' ? this.#upstreams.get('upstream', id) : this.#upstreamOf(id),
    );
  }

  /** Compiles upstreams and services; before any route. */
  compileShared(changed: ChangedResources): CompileFault[] {
    const faults: CompileFault[] = [];
    for (const id of changed.ids('upstream')) {
      const [before, after] = [this.resources.getKept('upstream', id), this.resources.get('upstream', id)];
      // Those for streams are compiled with the stream routes that refer to them.
      const isForStreams = after !== undefined && isStreamScheme(after.scheme);
      faults.push(...this.#upstreams.compile('upstream', id, { before, after: isForStreams ? undefined : after }));
    }
    this.#touchedServices = new Set(changed.ids('service'));
    for (const kind of ['upstream', 'plugin_config'] as const) {
      for (const id of changed.ids(kind)) {
        for (const service of this.#dependants.of('service', kind, id)) this.#touchedServices.add(service);
      }
    }
    for (const id of this.#touchedServices) faults.push(...this.#compileService(id));
    return faults;
  }

  /** Compiles a route that has changed, or is gone. */
  compileRoute(id: string, faults: CompileFault[]): void {
    this.levels.compileOne('route', id, faults);
    this.#compileRoute(id, faults);
    if (!this.serves) this.levels.forget('route', id);
    this.resources.compiled('route', id);
  }

  /** Compiles the routes that have not changed themselves, but are touched by what has; after those that have. */
  compileTouched(changed: ChangedResources): CompileFault[] {
    const faults: CompileFault[] = [];
    const own = changed.ids('route');
    for (const id of this.#touchedBy(changed)) if (!own.has(id)) this.#compileRoute(id, faults);
    const metadata = changed.ids('plugin_metadata');
    if (metadata.size === 0) return faults;
    for (const [id, { plugins = {} }] of this.resources.ofKind('route')) {
      const isConcerned = Object.keys(plugins).some((name) => metadata.has(name)) || this.#hasOwnPipeline(id);
      if (isConcerned && !own.has(id)) this.compileRoute(id, faults);
    }
    this.#pipelines.renew(() => true);
    return faults;
  }

  /** Puts the pending routes in force and returns the router that has them. To be called while the resources are pending. */
  keep(router: Router<CompiledRoute>, changed: ChangedResources): Router<CompiledRoute> {
    this.#upstreams.keep();
    this.#slots.keep('upstream', changed.ids('upstream'));
    this.#slots.keep('service', this.#touchedServices);
    for (const kind of ['upstream', 'service'] as const) {
      for (const id of changed.ids(kind)) if (this.resources.get(kind, id) === undefined) this.#slots.drop(kind, id);
    }
    for (const id of changed.ids('service')) {
      const [before, after] = [this.resources.getKept('service', id), this.resources.get('service', id)];
      this.#dependants.update({ kind: 'service', id }, { before, after });
    }
    const remove: CompiledRoute[] = [];
    const insert: CompiledRoute[] = [];
    this.#routes.forEachChange((id, before, after) => {
      const key = { kind: 'route', id } as const;
      this.#dependants.update(key, { before: before?.references, after: after?.references });
      this.#ownPipelines.update(key, { before: belowOwn(before), after: belowOwn(after) });
      if (before instanceof CompiledRoute) {
        remove.push(before);
        this.#pipelines.count(before.sharedPipeline, -1);
      }
      if (after instanceof CompiledRoute) {
        insert.push(after);
        this.#pipelines.count(after.sharedPipeline, 1);
      }
    });
    this.#routes.keep();
    this.#pipelines.keep();
    return remove.length + insert.length === 0 ? router : router.with({ remove, insert });
  }

  /** The routes in force where they are served. */
  *compiled(): Generator<CompiledRoute> {
    for (const [, route] of this.#routes.entries()) if (route instanceof CompiledRoute) yield route;
  }

  discard(): void {
    this.#upstreams.discard();
    this.#slots.discard();
    this.#routes.discard();
    this.#pipelines.discard();
  }

  retireAll(): void {
    this.#upstreams.retireAll();
  }

  /** Routes that have to be compiled anew; whatever else is new reaches the others through what they share. */
  #touchedBy(changed: ChangedResources): Set<string> {
    const touched = new Set<string>();
    for (const id of changed.ids('upstream')) {
      const upstream = this.resources.get('upstream', id);
      const isUsable = upstream !== undefined && !isStreamScheme(upstream.scheme);
      if (!isUsable) addAll(touched, this.#dependants.of('route', 'upstream', id));
    }
    const configs = changed.ids('plugin_config');
    for (const id of configs) {
      const isGone = this.resources.get('plugin_config', id) === undefined;
      addAll(touched, (isGone ? this.#dependants : this.#ownPipelines).of('route', 'plugin_config', id));
    }
    const levelled = new Set<string>();
    for (const id of this.#touchedServices) {
      const [before, after] = [this.resources.getKept('service', id), this.resources.get('service', id)];
      if (after === undefined) addAll(touched, this.#dependants.of('route', 'service', id));
      else if (this.serves && affectsRouting(before, after)) this.#follow(id, after, changed.ids('route'));
      if (!this.#hasOtherLevels(id, configs)) continue;
      levelled.add(id);
      addAll(touched, this.#ownPipelines.of('route', 'service', id));
    }
    if (configs.size + levelled.size > 0) {
      this.#pipelines.renew(({ configId = '', serviceId = '' }) => configs.has(configId) || levelled.has(serviceId));
    }
    return touched;
  }

  /** Routes of a service that have not changed themselves are served as it says now. */
  #follow(serviceId: string, service: Service, changed: ReadonlySet<string>): void {
    for (const id of this.#dependants.of('route', 'service', serviceId)) {
      const route = changed.has(id) ? undefined : this.#routes.get(id);
      if (route instanceof CompiledRoute) this.#routes.set(id, route.under(service));
    }
  }

  /** Whether the policies that a service brings to its routes are others now. */
  #hasOtherLevels(id: string, configs: ReadonlySet<string>): boolean {
    const before = this.resources.getKept('service', id)?.plugin_config_id;
    const after = this.resources.get('service', id)?.plugin_config_id;
    return before !== after || configs.has(after ?? '') || this.levels.hasChanged('service', id);
  }

  #compileService(id: string): CompileFault[] {
    const [before, after] = [this.resources.getKept('service', id), this.resources.get('service', id)];
    const faults = this.#upstreams.compile('service', id, { before: before?.upstream, after: after?.upstream });
    if (after !== undefined) this.#findMissing('service', id, after, faults);
    return faults;
  }

  #hasOwnPipeline(id: string): boolean {
    return belowOwn(this.#routes.get(id)) !== undefined;
  }

  #compileRoute(id: string, faults: CompileFault[]): void {
    const route = this.resources.get('route', id);
    const hasPool = this.#upstreams.get('route', id) !== null;
    const before = hasPool ? this.resources.getKept('route', id)?.upstream : undefined;
    if (route === undefined || route.status === 0) {
      this.#routes.delete(id);
      this.#upstreams.compile('route', id, { before, after: undefined });
      return;
    }
    const known = faults.length;
    faults.push(...this.#upstreams.compile('route', id, { before, after: route.upstream }));
    this.#findMissing('route', id, route, faults);
    if (faults.length > known) return;
    try {
      this.#routes.set(id, this.#make(id, route));
    } catch (cause) {
      faults.push({ kind: 'route', id, pointer: '', message: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  #make(id: string, route: Route): KeptRoute {
    refuseLua(route);
    const { upstream_id, plugin_config_id, service_id, timeout } = route;
    const key = `${upstream_id ?? ''} ${plugin_config_id ?? ''} ${service_id ?? ''}`;
    const kept = this.#references.get(key, () => ({ references: { upstream_id, plugin_config_id, service_id } }));
    const compiled = CompiledRoute.compile({
      id,
      route,
      service: service_id === undefined ? undefined : this.resources.get('service', service_id),
      references: kept.references,
      pipeline: this.#pipelineOf(id, route),
      methods: this.#methodSets.get(route.methods),
      upstream: this.#slotOf(id, route),
      timeouts: timeout === undefined ? null : this.#timeoutsOf(timeout),
    });
    return this.serves ? compiled : kept;
  }

  #timeoutsOf(timeout: NonNullable<Route['timeout']>): UpstreamTimeouts {
    const { connect, send, read } = timeout;
    return this.#timeouts.get(`${connect} ${send} ${read}`, () => toTimeouts(timeout));
  }

  /** The route's own upstream, or that of its service. */
  #slotOf(id: string, route: Route): UpstreamPool | UpstreamSlot | null {
    if (route.upstream !== undefined) return this.#upstreams.get('route', id);
    if (route.upstream_id !== undefined) return this.#slots.get('upstream', route.upstream_id);
    return route.service_id === undefined ? null : this.#slots.get('service', route.service_id);
  }

  #upstreamOf(serviceId: string): UpstreamPool | null {
    const service = this.resources.get('service', serviceId);
    if (service?.upstream !== undefined) return this.#upstreams.get('service', serviceId);
    return service?.upstream_id === undefined ? null : this.#upstreams.get('upstream', service.upstream_id);
  }

  #pipelineOf(id: string, { plugin_config_id: configId, service_id: serviceId }: Route): Pipeline | PipelineSlot {
    if (!this.serves) return noPipeline;
    const own = this.levels.get('route', id);
    const source = { own, configId, serviceId };
    return this.levels.isShared(own) ? this.#pipelines.get(source) : new Pipeline(this.#levelsOf(source));
  }

  /** Of the route, its template, its service and the service's template, strongest first. */
  #levelsOf({ own, configId, serviceId }: PipelineSource): PolicySet[] {
    const service = serviceId === undefined ? undefined : this.resources.get('service', serviceId);
    const levels = [
      own,
      this.#levelOf('plugin_config', configId),
      this.#levelOf('service', serviceId),
      this.#levelOf('plugin_config', service?.plugin_config_id),
    ];
    return levels.filter(({ size }) => size > 0);
  }

  #levelOf(kind: 'plugin_config' | 'service', id: string | undefined): PolicySet {
    return id === undefined ? noPolicies : this.levels.get(kind, id);
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

const noPipeline = new Pipeline([]);

/** What a route refers to, where the policies of that go into a pipeline of its own. */
function belowOwn(route: KeptRoute | undefined): References | undefined {
  return route instanceof CompiledRoute && route.sharedPipeline === null ? route.references : undefined;
}

function addAll(to: Set<string>, ids: ReadonlySet<string>): void {
  for (const id of ids) to.add(id);
}
