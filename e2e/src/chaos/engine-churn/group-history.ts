import type { ConfigLine } from '@tollgate/contracts/dataplane';
import {
  contentHash,
  type GatewayResource,
  GroupHash,
  type ResourceKey,
  type Sequence,
  sequences,
} from '@tollgate/contracts/gateway';

/** One change of one sequence of the group. */
export interface GroupChange {
  readonly sequence: Sequence;
  readonly put?: readonly GatewayResource[];
  readonly delete?: readonly ResourceKey[];
}

interface Held {
  position: number;
  readonly hash: GroupHash;
  readonly resources: Map<string, { readonly resource: GatewayResource; readonly contentHash: string }>;
}

/** What a group holds, and the lines of the config stream by which a data plane gets there. */
export class GroupHistory {
  readonly #held: Readonly<Record<Sequence, Held>> = { revision: nothing(), access: nothing() };

  readonly groupId: string;

  constructor(groupId: string) {
    this.groupId = groupId;
  }

  position(sequence: Sequence): number {
    return this.#held[sequence].position;
  }

  /** Takes a change and gives the lines that send it, as a delta of the position before. */
  change({ sequence, put = [], delete: gone = [] }: GroupChange): ConfigLine[] {
    const held = this.#held[sequence];
    for (const resource of put) {
      const { kind, id } = resource;
      this.#remove(held, resource);
      const content = contentHash(resource.value);
      held.hash.add(kind, id, content);
      held.resources.set(nameOf(resource), { resource, contentHash: content });
    }
    for (const key of gone) this.#remove(held, key);
    held.position += 1;
    return [
      this.#begin(sequence, 'delta', held.position - 1),
      ...put.map((resource): ConfigLine => ({ type: 'put', ...resource })),
      ...gone.map(({ kind, id }): ConfigLine => ({ type: 'delete', kind, id })),
      this.#end(sequence),
    ];
  }

  /** The lines that send everything. */
  snapshot(): ConfigLine[] {
    return sequences.flatMap((sequence) => [
      this.#begin(sequence, 'snapshot', 0),
      ...[...this.#held[sequence].resources.values()].map(({ resource }): ConfigLine => ({ type: 'put', ...resource })),
      this.#end(sequence),
    ]);
  }

  #remove({ resources, hash }: Held, key: ResourceKey): void {
    const known = resources.get(nameOf(key));
    if (known === undefined) return;
    hash.remove(key.kind, key.id, known.contentHash);
    resources.delete(nameOf(key));
  }

  #begin(sequence: Sequence, mode: 'snapshot' | 'delta', from: number): ConfigLine {
    return { type: 'begin', groupId: this.groupId, sequence, mode, from, to: this.position(sequence) };
  }

  #end(sequence: Sequence): ConfigLine {
    const { position, hash } = this.#held[sequence];
    const common = { type: 'end', groupId: this.groupId, hash: hash.value } as const;
    return sequence === 'revision' ? { ...common, revision: position } : { ...common, access: position };
  }
}

function nothing(): Held {
  return { position: 0, hash: GroupHash.empty(), resources: new Map() };
}

function nameOf({ kind, id }: ResourceKey): string {
  return `${kind} ${id}`;
}
