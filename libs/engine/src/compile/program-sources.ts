import type { Caller } from '../policy/call.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import type { CompiledRoute } from './compiled-route.ts';
import type { LevelKind, LevelTable } from './level-table.ts';
import type { ResourceTable } from './resource-table.ts';

/** Where policies are written. */
export interface LevelSource {
  readonly kind: LevelKind;
  readonly id: string;
}

/** An object that a route leads to; `id` is null where it is written inside its `owner` (`route/r1`). */
export interface NamedSource {
  readonly id: string | null;
  readonly name: string | null;
  readonly owner: string;
}

/** The service and upstream of a route. */
export interface RouteSources {
  readonly service: { readonly id: string; readonly name: string | null } | null;
  readonly upstream: NamedSource | null;
}

/** Tells what a group's program was compiled from. Reads resources again, so it is for explanations and not for calls. */
export class ProgramSources {
  readonly #resources: ResourceTable;
  readonly #levels: LevelTable;
  readonly #routes: { compiled(): Iterable<CompiledRoute> };

  constructor(resources: ResourceTable, levels: LevelTable, routes: { compiled(): Iterable<CompiledRoute> }) {
    this.#resources = resources;
    this.#levels = levels;
    this.#routes = routes;
  }

  /** Every route that is served, in no order. */
  routes(): Iterable<CompiledRoute> {
    return this.#routes.compiled();
  }

  /** Where a set of policies that ran for a route and a caller is written. */
  levelOf(policies: PolicySet, route: CompiledRoute | null, caller: Caller | null): LevelSource | null {
    for (const source of this.#candidates(route, caller)) {
      if (this.#levels.get(source.kind, source.id) === policies) return source;
    }
    return null;
  }

  of(route: CompiledRoute): RouteSources {
    const written = this.#resources.get('route', route.id);
    const { service_id: serviceId, upstream_id: upstreamId, upstream: own } = written ?? {};
    const service = serviceId === undefined ? undefined : this.#resources.get('service', serviceId);
    return {
      service: serviceId === undefined ? null : { id: serviceId, name: service?.name ?? null },
      upstream:
        own !== undefined || upstreamId !== undefined
          ? this.#upstream(own, upstreamId, `route/${route.id}`)
          : this.#upstream(service?.upstream, service?.upstream_id, `service/${serviceId ?? ''}`),
    };
  }

  #upstream(
    inline: { name?: string | undefined } | undefined,
    id: string | undefined,
    owner: string,
  ): NamedSource | null {
    if (inline !== undefined) return { id: null, name: inline.name ?? null, owner };
    return id === undefined ? null : { id, name: this.#resources.get('upstream', id)?.name ?? null, owner };
  }

  *#candidates(route: CompiledRoute | null, caller: Caller | null): Generator<LevelSource> {
    if (caller !== null) {
      yield { kind: 'consumer', id: caller.consumerId };
      if (caller.consumerGroupId !== null) yield { kind: 'consumer_group', id: caller.consumerGroupId };
    }
    if (route !== null) {
      const { service_id: service, plugin_config_id: config } = this.#resources.get('route', route.id) ?? {};
      yield { kind: 'route', id: route.id };
      if (config !== undefined) yield { kind: 'plugin_config', id: config };
      if (service !== undefined) {
        yield { kind: 'service', id: service };
        const ofService = this.#resources.get('service', service)?.plugin_config_id;
        if (ofService !== undefined) yield { kind: 'plugin_config', id: ofService };
      }
    }
    for (const [id] of this.#resources.ofKind('global_rule')) yield { kind: 'global_rule', id };
  }
}
