import {
  accessKinds,
  type ResourceKey,
  type ResourceKind,
  type ResourceValues,
  revisionKinds,
  type Sequence,
} from '@tollgate/contracts/gateway';
import type { ResourceText } from './resource-text.ts';
import { SequenceTable } from './sequence-table.ts';
import type { StoredResource } from './stored-resource.ts';

/** `kind/id`: names a resource within a group. */
export type ResourceName = string;

/** The name of a resource as one string. */
export function resourceName({ kind, id }: ResourceKey): ResourceName {
  return `${kind}/${id}`;
}

/** The resources of a group in both sequences; access state covers what a revision says under the same name. */
export class ResourceTable {
  readonly #revision = new SequenceTable(revisionKinds);
  readonly #access = new SequenceTable(accessKinds);

  /** The value in force, with pending changes. */
  get<K extends ResourceKind>(kind: K, id: string): ResourceValues[K] | undefined {
    const stored = this.#access.store(kind)?.get(id) ?? this.#revision.store(kind)?.get(id);
    return stored?.value({ kind, id }) as ResourceValues[K] | undefined;
  }

  /** The value in force before the pending changes, of a kind that only revisions hold. */
  getKept<K extends Exclude<ResourceKind, (typeof accessKinds)[number]>>(
    kind: K,
    id: string,
  ): ResourceValues[K] | undefined {
    return this.#revision.store(kind)?.getKept(id)?.value({ kind, id }) as ResourceValues[K] | undefined;
  }

  /** Its value is not needed any more for now. */
  compiled(kind: ResourceKind, id: string): void {
    this.#revision.store(kind)?.get(id)?.compiled(kind);
  }

  /** What a sequence holds, with pending changes. */
  find(sequence: Sequence, { kind, id }: ResourceKey): StoredResource | undefined {
    return this.#table(sequence).store(kind)?.get(id);
  }

  /** Every resource of a kind in force, with pending changes. */
  *ofKind<K extends ResourceKind>(kind: K): Generator<[string, ResourceValues[K]]> {
    const covering = this.#access.store(kind);
    for (const [id, stored] of covering?.entries() ?? []) yield [id, stored.value({ kind, id }) as ResourceValues[K]];
    for (const [id, stored] of this.#revision.store(kind)?.entries() ?? []) {
      if (covering?.get(id) === undefined) yield [id, stored.value({ kind, id }) as ResourceValues[K]];
    }
  }

  put(sequence: Sequence, { kind, id }: ResourceKey, resource: StoredResource): void {
    this.#table(sequence).put(kind, id, resource);
  }

  delete(sequence: Sequence, { kind, id }: ResourceKey): void {
    this.#table(sequence).delete(kind, id);
  }

  /** Everything in a sequence kind by kind, pending changes included. */
  resources(sequence: Sequence): Generator<ResourceText> {
    return this.#table(sequence).resources();
  }

  count(sequence: Sequence): number {
    return this.#table(sequence).size;
  }

  /** The hash over all kept resources of a sequence. */
  hash(sequence: Sequence): string {
    return this.#table(sequence).hash;
  }

  /** The hash that the sequence will have once the pending changes are kept. */
  pendingHash(sequence: Sequence): string {
    return this.#table(sequence).pendingHash;
  }

  keep(): void {
    this.#revision.keep();
    this.#access.keep();
  }

  discard(): void {
    this.#revision.discard();
    this.#access.discard();
  }

  #table(sequence: Sequence): SequenceTable {
    return sequence === 'access' ? this.#access : this.#revision;
  }
}
