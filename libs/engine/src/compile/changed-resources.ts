import type { ResourceKind } from '@tollgate/contracts/gateway';

const none: ReadonlySet<string> = new Set();

/** Which resources a change touches, so that each compiler looks at those of its own kinds only. */
export class ChangedResources {
  readonly #ids = new Map<ResourceKind, Set<string>>();

  add(kind: ResourceKind, id: string): void {
    const ids = this.#ids.get(kind);
    if (ids === undefined) this.#ids.set(kind, new Set([id]));
    else ids.add(id);
  }

  /** In the order in which they came. */
  ids(kind: ResourceKind): ReadonlySet<string> {
    return this.#ids.get(kind) ?? none;
  }

  has(kind: ResourceKind): boolean {
    return this.#ids.has(kind);
  }
}
