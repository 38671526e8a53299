import type { ResourceName } from './resource-table.ts';

/** Who refers to whom, so that a change recompiles only what it touches. */
export class Dependants {
  readonly #referrers = new Map<ResourceName, Set<ResourceName>>();
  readonly #references = new Map<ResourceName, readonly ResourceName[]>();

  /** Replaces what `referrer` refers to. */
  update(referrer: ResourceName, references: readonly ResourceName[]): void {
    for (const old of this.#references.get(referrer) ?? []) {
      const referrers = this.#referrers.get(old);
      referrers?.delete(referrer);
      if (referrers?.size === 0) this.#referrers.delete(old);
    }
    if (references.length === 0) this.#references.delete(referrer);
    else this.#references.set(referrer, references);
    for (const name of references) {
      const referrers = this.#referrers.get(name);
      if (referrers === undefined) this.#referrers.set(name, new Set([referrer]));
      else referrers.add(referrer);
    }
  }

  /** The names given and everything that leads to them, directly or not. */
  closure(names: Iterable<ResourceName>): Set<ResourceName> {
    const reached = new Set(names);
    for (const name of reached) {
      for (const referrer of this.#referrers.get(name) ?? []) reached.add(referrer);
    }
    return reached;
  }
}
