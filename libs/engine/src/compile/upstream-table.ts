import { canonicalJson, type ResourceKind, type Upstream } from '@tollgate/contracts/gateway';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import type { CreatePool } from './create-pool.ts';
import type { CompileFault } from './group-compiler.ts';
import { resourceName } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

/** Kinds that hold upstreams: upstreams themselves, and services and routes with one inline. */
export type UpstreamHolder = Extract<ResourceKind, 'upstream' | 'service' | 'route'>;
const holders = ['upstream', 'service', 'route'] as const satisfies UpstreamHolder[];

/** The upstreams of a group, ready for use, by the resource that holds them. */
export class UpstreamTable {
  readonly #pools: Readonly<Record<UpstreamHolder, StagedMap<string, UpstreamPool>>> = {
    upstream: new StagedMap(),
    service: new StagedMap(),
    route: new StagedMap(),
  };

  /** @param keepsAll false where nothing is served: then pools of routes are checked, and kept only if they probe or follow something. */
  constructor(
    private readonly createPool: CreatePool,
    private readonly keepsAll = true,
  ) {}

  get(kind: UpstreamHolder, id: string): UpstreamPool | null {
    return this.#pools[kind].get(id) ?? null;
  }

  /**
   * Keeps the pool, and its connections, when the upstream is the same as before.
   * @param before what the pool in force was made of.
   */
  compile(
    kind: UpstreamHolder,
    id: string,
    { before, after }: { readonly before: Upstream | undefined; readonly after: Upstream | undefined },
  ): CompileFault[] {
    const pools = this.#pools[kind];
    const previous = pools.getKept(id) ?? null;
    const pending = pools.get(id) ?? null;
    // The same change may have named it before.
    if (pending !== previous) pending?.retire();
    if (after === undefined) {
      pools.delete(id);
      return [];
    }
    if (previous !== null && before !== undefined && isSame(before, after)) {
      if (pending !== previous) pools.set(id, previous);
      return [];
    }
    try {
      const pool = this.createPool(resourceName({ kind, id }), after, previous);
      if (kind !== 'route' || this.keepsAll || worksByItself(after)) pools.set(id, pool);
      else {
        pool.retire();
        pools.delete(id);
      }
      return [];
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      return [{ kind, id, pointer: kind === 'upstream' ? '' : '/upstream', message }];
    }
  }

  /** Puts the pending pools in force and retires those that they replace. */
  keep(): void {
    for (const kind of holders) {
      this.#pools[kind].forEachChange((_id, before, after) => {
        if (before !== after) before?.retire();
      });
      this.#pools[kind].keep();
    }
  }

  /** Retires the pending pools. */
  discard(): void {
    for (const kind of holders) {
      this.#pools[kind].forEachChange((_id, before, after) => {
        if (after !== before) after?.retire();
      });
      this.#pools[kind].discard();
    }
  }

  retireAll(): void {
    for (const kind of holders) for (const [, pool] of this.#pools[kind].entries()) pool.retire();
  }
}

function isSame(a: Upstream, b: Upstream): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/** Whether its pool does something that nobody has called for. */
function worksByItself({ checks, nodes }: Upstream): boolean {
  return checks !== undefined || nodes === undefined;
}
