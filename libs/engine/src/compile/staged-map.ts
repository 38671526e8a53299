/** What a key stood for before and after; undefined = nothing. */
export interface Change<K, V> {
  readonly key: K;
  readonly before: V | undefined;
  readonly after: V | undefined;
}

const removed = Symbol('removed');

/** A map whose changes can be looked at before they are kept or thrown away, so that a refused change leaves no trace. */
export class StagedMap<K, V> {
  /** Never holds {@link removed}. */
  #kept = new Map<K, V | typeof removed>();
  #pending = new Map<K, V | typeof removed>();

  get(key: K): V | undefined {
    const value = this.#pending.size === 0 ? undefined : this.#pending.get(key);
    return present(value ?? this.#kept.get(key));
  }

  /** What the key stood for before the pending changes. */
  getKept(key: K): V | undefined {
    return present(this.#kept.get(key));
  }

  set(key: K, value: V): void {
    this.#pending.set(key, value);
  }

  delete(key: K): void {
    if (this.#kept.has(key)) this.#pending.set(key, removed);
    else this.#pending.delete(key);
  }

  /** Entries with the pending changes. */
  *entries(): Generator<[K, V]> {
    for (const [key, value] of this.#kept) {
      if (value !== removed && !this.#pending.has(key)) yield [key, value];
    }
    for (const [key, value] of this.#pending) if (value !== removed) yield [key, value];
  }

  keptSize(): number {
    return this.#kept.size;
  }

  /** Tells every pending change. */
  forEachChange(visit: (key: K, before: V | undefined, after: V | undefined) => void): void {
    for (const [key, value] of this.#pending) visit(key, present(this.#kept.get(key)), present(value));
  }

  /** Keeps the pending changes. */
  keep(): void {
    if (this.#kept.size === 0) {
      // Nothing to remove, so all that is pending is there to stay; a group of 100,000 routes is not copied when it arrives.
      [this.#kept, this.#pending] = [this.#pending, this.#kept];
      return;
    }
    for (const [key, value] of this.#pending) {
      if (value === removed) this.#kept.delete(key);
      else this.#kept.set(key, value);
    }
    this.#pending.clear();
  }

  /** Keeps the pending changes and tells what they replaced. */
  commit(): Change<K, V>[] {
    const changes: Change<K, V>[] = [];
    this.forEachChange((key, before, after) => changes.push({ key, before, after }));
    this.keep();
    return changes;
  }

  discard(): void {
    this.#pending.clear();
  }
}

function present<V>(value: V | typeof removed | undefined): V | undefined {
  return value === removed ? undefined : value;
}
