import { canonicalJson, type ResourceKey, type StreamRoute, type Upstream } from '@tollgate/contracts/gateway';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import {
  type CompiledStreamRoute,
  compileStreamRoute,
  compileStreamUpstream,
  type StreamUpstream,
} from './compiled-stream-route.ts';
import { Dependants } from './dependants.ts';
import type { CompileFault } from './group-compiler.ts';
import { type ResourceName, resourceName, type ResourceTable } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';
import { noStreamRoutes, StreamRoutes } from './stream-routes.ts';

interface KeptRoute {
  readonly route: CompiledStreamRoute;
  /** Of the upstream, which is kept while it stays the same. */
  readonly fingerprint: string;
  readonly upstream: StreamUpstream;
}

/** The compiled stream routes of a group. Each has an upstream of its own, so that streams and calls do not disturb each other's balance. */
export class StreamTable {
  readonly #routes = new StagedMap<string, KeptRoute>();
  readonly #dependants = new Dependants();
  readonly #references = new Map<ResourceName, ResourceName[]>();
  #inForce: StreamRoutes = noStreamRoutes;

  constructor(
    private readonly resources: ResourceTable,
    private readonly options: { readonly isShared: boolean; readonly now: () => number },
  ) {}

  compile(changed: readonly ResourceKey[]): CompileFault[] {
    const touched = this.#dependants.closure(changed.map(resourceName));
    const prefix = 'stream_route/';
    return [...touched]
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => this.#compileOne(name.slice(prefix.length)));
  }

  /** Puts the pending routes in force and returns all that are. */
  commit(): StreamRoutes {
    for (const [referrer, references] of this.#references) this.#dependants.update(referrer, references);
    this.#references.clear();
    const changes = this.#routes.commit();
    for (const { before, after } of changes) {
      if (before !== undefined && before.upstream !== after?.upstream) before.upstream.pool.retire();
    }
    if (changes.length > 0) this.#inForce = new StreamRoutes([...this.#routes.entries()].map(([, { route }]) => route));
    return this.#inForce;
  }

  discard(): void {
    for (const pool of this.#pendingPools()) pool.retire();
    this.#routes.discard();
    this.#references.clear();
  }

  retireAll(): void {
    for (const [, { upstream }] of this.#routes.entries()) upstream.pool.retire();
  }

  *#pendingPools(): Generator<UpstreamPool> {
    for (const { before, after } of this.#routes.pendingChanges()) {
      if (after !== undefined && after.upstream !== before?.upstream) yield after.upstream.pool;
    }
  }

  #compileOne(id: string): CompileFault[] {
    const key: ResourceKey = { kind: 'stream_route', id };
    const route = this.resources.get('stream_route', id);
    this.#references.set(resourceName(key), this.#referencesOf(route));
    if (route === undefined) {
      this.#routes.delete(id);
      return [];
    }
    try {
      if (this.options.isShared) throw new Error('stream routes are not allowed on a data plane that tenants share');
      const written = this.#upstreamOf(route);
      const fingerprint = canonicalJson(written);
      const before = this.#routes.get(id);
      const upstream =
        before?.fingerprint === fingerprint ? before.upstream : compileStreamUpstream(written, this.options.now);
      this.#routes.set(id, { route: compileStreamRoute(id, route, upstream), fingerprint, upstream });
      return [];
    } catch (cause) {
      return [{ ...key, pointer: '', message: cause instanceof Error ? cause.message : String(cause) }];
    }
  }

  #upstreamOf(route: StreamRoute): Upstream {
    if (route.upstream !== undefined) return route.upstream;
    if (route.upstream_id !== undefined) return this.#get('upstream', route.upstream_id);
    const service = this.#get('service', route.service_id ?? '');
    if (service.upstream !== undefined) return service.upstream;
    if (service.upstream_id === undefined) throw new Error(`service/${route.service_id} has no upstream`);
    return this.#get('upstream', service.upstream_id);
  }

  #get<K extends 'upstream' | 'service'>(kind: K, id: string) {
    const found = this.resources.get(kind, id);
    if (found === undefined) throw new Error(`refers to ${kind}/${id}, which does not exist`);
    return found;
  }

  /** Those of its service, too: a service without routes is in nobody else's table. */
  #referencesOf(route: StreamRoute | undefined): ResourceName[] {
    if (route === undefined) return [];
    const { upstream_id: own, service_id: serviceId } = route;
    const service = serviceId === undefined ? undefined : this.resources.get('service', serviceId);
    return [
      ...(serviceId === undefined ? [] : [`service/${serviceId}`]),
      ...[own, service?.upstream_id].flatMap((id) => (id === undefined ? [] : [`upstream/${id}`])),
    ];
  }
}
