import {
  contentHash,
  type GatewayResource,
  GroupHash,
  type ParsedResource,
  type ResourceKey,
  type ResourceKind,
  type ResourceValues,
  type Sequence,
  sequences,
} from '@tollgate/contracts/gateway';
import { type Change, StagedMap } from './staged-map.ts';

/** `kind/id`: names a resource within a group. */
export type ResourceName = string;

/** The name of a resource as one string. */
export function resourceName({ kind, id }: ResourceKey): ResourceName {
  return `${kind}/${id}`;
}

interface StoredResource {
  /** As it came, for the disk cache. */
  readonly written: GatewayResource;
  readonly parsed: ParsedResource;
  readonly hash: string;
}

/** The resources of a group in both sequences; access state covers what a revision says under the same name. */
export class ResourceTable {
  readonly #stores: Record<Sequence, StagedMap<ResourceName, StoredResource>> = {
    revision: new StagedMap(),
    access: new StagedMap(),
  };
  readonly #hashes: Record<Sequence, GroupHash> = { revision: GroupHash.empty(), access: GroupHash.empty() };

  /** The value in force, with pending changes. */
  get<K extends ResourceKind>(kind: K, id: string): ResourceValues[K] | undefined {
    const name = resourceName({ kind, id });
    const stored = this.#stores.access.get(name) ?? this.#stores.revision.get(name);
    return stored?.parsed.value as ResourceValues[K] | undefined;
  }

  /** Every resource of a kind in force, with pending changes. */
  *ofKind<K extends ResourceKind>(kind: K): Generator<[string, ResourceValues[K]]> {
    const prefix = `${kind}/`;
    for (const sequence of ['access', 'revision'] as const) {
      for (const [name, { parsed }] of this.#stores[sequence].entries()) {
        const isCovered = sequence === 'revision' && this.#stores.access.get(name) !== undefined;
        if (name.startsWith(prefix) && !isCovered) yield [parsed.id, parsed.value as ResourceValues[K]];
      }
    }
  }

  put(sequence: Sequence, written: GatewayResource, parsed: ParsedResource): void {
    this.#stores[sequence].set(resourceName(written), { written, parsed, hash: contentHash(written.value) });
  }

  delete(sequence: Sequence, key: ResourceKey): void {
    this.#stores[sequence].delete(resourceName(key));
  }

  /** Everything in a sequence, pending changes included. */
  *resources(sequence: Sequence): Generator<GatewayResource> {
    for (const [, { written }] of this.#stores[sequence].entries()) yield written;
  }

  count(sequence: Sequence): number {
    return this.#stores[sequence].keptSize();
  }

  /** The hash over all kept resources of a sequence. */
  hash(sequence: Sequence): string {
    return this.#hashes[sequence].value;
  }

  /** The hash that the sequence will have once the pending changes are kept. */
  pendingHash(sequence: Sequence): string {
    return withChanges(this.#hashes[sequence].clone(), this.#stores[sequence].pendingChanges()).value;
  }

  commit(): void {
    for (const sequence of sequences) withChanges(this.#hashes[sequence], this.#stores[sequence].commit());
  }

  discard(): void {
    this.#stores.revision.discard();
    this.#stores.access.discard();
  }
}

function withChanges(hash: GroupHash, changes: readonly Change<ResourceName, StoredResource>[]): GroupHash {
  for (const { before, after } of changes) {
    if (before !== undefined) hash.remove(before.written.kind, before.written.id, before.hash);
    if (after !== undefined) hash.add(after.written.kind, after.written.id, after.hash);
  }
  return hash;
}
