import type { UpstreamPool } from '../upstream/upstream-pool.ts';

/** Where routes find the pool of an upstream: another pool takes its place for all of them at once. */
export class UpstreamSlot {
  /** Null where there is no upstream. */
  pool: UpstreamPool | null;

  constructor(pool: UpstreamPool | null) {
    this.pool = pool;
  }
}

/** Kinds that many routes can take their upstream from. */
type SharingKind = 'upstream' | 'service';

/** The slots of upstreams and services, made when the first route refers to one. */
export class UpstreamSlots {
  readonly #slots: Readonly<Record<SharingKind, Map<string, UpstreamSlot>>> = {
    upstream: new Map(),
    service: new Map(),
  };
  /** Made by the change that is not in force yet. */
  #fresh: { readonly kind: SharingKind; readonly id: string }[] = [];

  constructor(private readonly poolOf: (kind: SharingKind, id: string) => UpstreamPool | null) {}

  get(kind: SharingKind, id: string): UpstreamSlot {
    const slots = this.#slots[kind];
    let slot = slots.get(id);
    if (slot === undefined) {
      slot = new UpstreamSlot(this.poolOf(kind, id));
      slots.set(id, slot);
      this.#fresh.push({ kind, id });
    }
    return slot;
  }

  /** What is pending has come into force for these. */
  keep(kind: SharingKind, ids: Iterable<string>): void {
    this.#fresh = [];
    for (const id of ids) {
      const slot = this.#slots[kind].get(id);
      if (slot !== undefined) slot.pool = this.poolOf(kind, id);
    }
  }

  /** Nobody refers to it any more. */
  drop(kind: SharingKind, id: string): void {
    this.#slots[kind].delete(id);
  }

  discard(): void {
    for (const { kind, id } of this.#fresh) this.drop(kind, id);
    this.#fresh = [];
  }
}
