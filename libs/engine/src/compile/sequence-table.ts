import { GroupHash, type ResourceKind } from '@tollgate/contracts/gateway';
import type { ResourceText } from './resource-text.ts';
import { StagedMap } from './staged-map.ts';
import type { StoredResource } from './stored-resource.ts';

type Store = StagedMap<string, StoredResource>;

/** The resources of one sequence by kind and id, and the hash over them. */
export class SequenceTable {
  readonly #stores: ReadonlyMap<ResourceKind, Store>;
  #hash = GroupHash.empty();
  /** The hash with the pending changes, as long as it has been asked for. */
  #pendingHash: GroupHash | null = null;

  /** `kinds` are what the sequence can hold. */
  constructor(kinds: readonly ResourceKind[]) {
    this.#stores = new Map(kinds.map((kind) => [kind, new StagedMap()]));
  }

  /** Undefined for kinds that the sequence cannot hold. */
  store(kind: ResourceKind): Store | undefined {
    return this.#stores.get(kind);
  }

  put(kind: ResourceKind, id: string, resource: StoredResource): void {
    this.store(kind)?.set(id, resource);
    this.#pendingHash = null;
  }

  delete(kind: ResourceKind, id: string): void {
    this.store(kind)?.delete(id);
    this.#pendingHash = null;
  }

  /** Everything in it kind by kind, pending changes included. */
  *resources(): Generator<ResourceText> {
    for (const [kind, store] of this.#stores) {
      for (const [id, { text }] of store.entries()) yield { kind, id, text };
    }
  }

  /** How many resources are kept. */
  get size(): number {
    let size = 0;
    for (const store of this.#stores.values()) size += store.keptSize();
    return size;
  }

  /** The hash over all kept resources. */
  get hash(): string {
    return this.#hash.value;
  }

  /** The hash once the pending changes are kept. */
  get pendingHash(): string {
    return this.#withPending().value;
  }

  keep(): void {
    this.#hash = this.#withPending();
    this.#pendingHash = null;
    for (const [kind, store] of this.#stores) {
      store.forEachChange((_id, _before, after) => after?.kept(kind));
      store.keep();
    }
  }

  discard(): void {
    this.#pendingHash = null;
    for (const store of this.#stores.values()) store.discard();
  }

  #withPending(): GroupHash {
    if (this.#pendingHash !== null) return this.#pendingHash;
    const hash = this.#hash.clone();
    for (const [kind, store] of this.#stores) {
      store.forEachChange((id, before, after) => {
        if (before !== undefined) hash.remove(kind, id, before.hash({ kind, id }));
        if (after !== undefined) hash.add(kind, id, after.hash({ kind, id }));
      });
    }
    this.#pendingHash = hash;
    return hash;
  }
}
