import { canonicalJson, type StreamRoute, type Upstream } from '@tollgate/contracts/gateway';
import {
  type CompiledStreamRoute,
  compileStreamRoute,
  compileStreamUpstream,
  type StreamUpstream,
} from './compiled-stream-route.ts';
import type { ChangedResources } from './changed-resources.ts';
import type { CreatePool } from './create-pool.ts';
import type { CompileFault } from './group-compiler.ts';
import { resourceName, type ResourceTable } from './resource-table.ts';
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
  #inForce: StreamRoutes = noStreamRoutes;

  constructor(
    private readonly resources: ResourceTable,
    private readonly options: { readonly isShared: boolean; readonly createPool: CreatePool },
  ) {}

  compile(changed: ChangedResources): CompileFault[] {
    return [...this.#touchedBy(changed)].flatMap((id) => this.#compileOne(id));
  }

  /** Puts the pending routes in force and returns all that are. */
  keep(): StreamRoutes {
    const changes = this.#routes.commit();
    for (const { before, after } of changes) {
      if (before !== undefined && before.upstream !== after?.upstream) before.upstream.pool.retire();
    }
    if (changes.length > 0) this.#inForce = new StreamRoutes([...this.#routes.entries()].map(([, { route }]) => route));
    return this.#inForce;
  }

  discard(): void {
    this.#routes.forEachChange((_id, before, after) => {
      if (after !== undefined && after.upstream !== before?.upstream) after.upstream.pool.retire();
    });
    this.#routes.discard();
  }

  retireAll(): void {
    for (const [, { upstream }] of this.#routes.entries()) upstream.pool.retire();
  }

  /** The stream routes that are changed, or whose upstream or service is. A group has few of them: as many as ports and names. */
  #touchedBy(changed: ChangedResources): Set<string> {
    const touched = new Set(changed.ids('stream_route'));
    const [services, upstreams] = [changed.ids('service'), changed.ids('upstream')];
    if (services.size === 0 && upstreams.size === 0) return touched;
    for (const [id, route] of this.resources.ofKind('stream_route')) {
      const service = route.service_id === undefined ? undefined : this.resources.get('service', route.service_id);
      const isTouched =
        services.has(route.service_id ?? '') ||
        upstreams.has(route.upstream_id ?? '') ||
        upstreams.has(service?.upstream_id ?? '');
      if (isTouched) touched.add(id);
    }
    return touched;
  }

  #compileOne(id: string): CompileFault[] {
    const key = { kind: 'stream_route', id } as const;
    const route = this.resources.get('stream_route', id);
    if (route === undefined) {
      this.#routes.delete(id);
      return [];
    }
    try {
      if (this.options.isShared) throw new Error('stream routes are not allowed on a data plane that tenants share');
      const written = this.#upstreamOf(route);
      const fingerprint = canonicalJson(written);
      const before = this.#routes.get(id);
      const create = (plain: Upstream) =>
        this.options.createPool(resourceName(key), plain, this.#routes.getKept(id)?.upstream.pool ?? null);
      const upstream = before?.fingerprint === fingerprint ? before.upstream : compileStreamUpstream(written, create);
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
}
