import type { ChangedResources } from './changed-resources.ts';

type ReferringKind = 'service' | 'route';

/** A kind that others refer to, and the field in which they do. */
export interface ReferenceField {
  readonly kind: 'upstream' | 'plugin_config' | 'service';
  readonly field: 'upstream_id' | 'plugin_config_id' | 'service_id';
}

/** What a service or route refers to. */
export type References = Readonly<Partial<Record<ReferenceField['field'], unknown>>>;

const ofService: readonly ReferenceField[] = [
  { kind: 'upstream', field: 'upstream_id' },
  { kind: 'plugin_config', field: 'plugin_config_id' },
];

/** What resources of a kind can refer to. */
export const referenceFields: Readonly<Record<ReferringKind, readonly ReferenceField[]>> = {
  service: ofService,
  route: [...ofService, { kind: 'service', field: 'service_id' }],
};

/** The id that stands in a field of a reference. */
export function referenceIn(holder: References | undefined, { field }: ReferenceField): string | undefined {
  const id = holder?.[field];
  return typeof id === 'string' ? id : undefined;
}

/** The services and routes that a change leads to. */
export interface Touched {
  readonly services: ReadonlySet<string>;
  readonly routes: ReadonlySet<string>;
}

/** Who refers to whom, so that a change recompiles only what it touches. */
export class Dependants {
  /** Ids of those that refer, by their kind and the kind and id that they refer to. */
  readonly #referrers: Readonly<Record<ReferringKind, Record<ReferenceField['kind'], Map<string, Set<string>>>>> = {
    service: { upstream: new Map(), plugin_config: new Map(), service: new Map() },
    route: { upstream: new Map(), plugin_config: new Map(), service: new Map() },
  };

  /** A service or route was `before` and is `after` now; undefined = not there. */
  update(
    { kind, id }: { readonly kind: ReferringKind; readonly id: string },
    { before, after }: { readonly before: References | undefined; readonly after: References | undefined },
  ): void {
    if (before === after) return;
    for (const reference of referenceFields[kind]) {
      const old = referenceIn(before, reference);
      const current = referenceIn(after, reference);
      if (old === current) continue;
      const byTarget = this.#referrers[kind][reference.kind];
      const left = old === undefined ? undefined : byTarget.get(old);
      left?.delete(id);
      if (old !== undefined && left?.size === 0) byTarget.delete(old);
      if (current === undefined) continue;
      const joined = byTarget.get(current);
      if (joined === undefined) byTarget.set(current, new Set([id]));
      else joined.add(id);
    }
  }

  /** Those that refer to what is named themselves. */
  of(kind: ReferringKind, target: ReferenceField['kind'], id: string): ReadonlySet<string> {
    return this.#referrers[kind][target].get(id) ?? none;
  }

  /** The services and routes that changed themselves, and those that lead to what changed, directly or not. */
  touchedBy(changed: ChangedResources): Touched {
    const services = new Set(changed.ids('service'));
    const routes = new Set(changed.ids('route'));
    for (const kind of ['upstream', 'plugin_config'] as const) {
      for (const id of changed.ids(kind)) {
        addAll(services, this.of('service', kind, id));
        addAll(routes, this.of('route', kind, id));
      }
    }
    for (const id of services) addAll(routes, this.of('route', 'service', id));
    return { services, routes };
  }
}

const none: ReadonlySet<string> = new Set();

function addAll(to: Set<string>, ids: ReadonlySet<string>): void {
  for (const id of ids) to.add(id);
}
