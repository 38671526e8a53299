import { canonicalJson, type ResourceKind, type Upstream } from '@tollgate/contracts/gateway';
import type { UpstreamPool } from '../upstream/upstream-pool.ts';
import type { CreatePool } from './create-pool.ts';
import type { CompileFault } from './group-compiler.ts';
import { resourceName } from './resource-table.ts';
import { StagedMap } from './staged-map.ts';

/** Kinds that hold upstreams: upstreams themselves, and services and routes with one inline. */
export type UpstreamHolder = Extract<ResourceKind, 'upstream' | 'service' | 'route'>;
const holders = ['upstream', 'service', 'route'] as const satisfies UpstreamHolder[];

interface KeptPool {
  readonly pool: UpstreamPool;
  readonly fingerprint: string;
}

/** The upstreams of a group, ready for use, by the resource that holds them. */
export class UpstreamTable {
  readonly #pools: Readonly<Record<UpstreamHolder, StagedMap<string, KeptPool>>> = {
    upstream: new StagedMap(),
    service: new StagedMap(),
    route: new StagedMap(),
  };

  constructor(private readonly createPool: CreatePool) {}

  get(kind: UpstreamHolder, id: string): UpstreamPool | null {
    return this.#pools[kind].get(id)?.pool ?? null;
  }

  /** Keeps the pool, and its connections, when the upstream is the same as before. */
  compile(kind: UpstreamHolder, id: string, upstream: Upstream | undefined): CompileFault[] {
    const pools = this.#pools[kind];
    if (upstream === undefined) {
      pools.delete(id);
      return [];
    }
    const fingerprint = canonicalJson(upstream);
    if (pools.get(id)?.fingerprint === fingerprint) return [];
    try {
      const previous = pools.getKept(id)?.pool ?? null;
      pools.set(id, { pool: this.createPool(resourceName({ kind, id }), upstream, previous), fingerprint });
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
        if (before !== undefined && before.pool !== after?.pool) before.pool.retire();
      });
      this.#pools[kind].keep();
    }
  }

  /** Retires the pending pools. */
  discard(): void {
    for (const kind of holders) {
      this.#pools[kind].forEachChange((_id, before, after) => {
        if (after !== undefined && after.pool !== before?.pool) after.pool.retire();
      });
      this.#pools[kind].discard();
    }
  }

  retireAll(): void {
    for (const kind of holders) for (const [, { pool }] of this.#pools[kind].entries()) pool.retire();
  }
}
