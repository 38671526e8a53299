/** What a key stood for before and after; undefined = nothing. */
export interface Change<K, V> {
  readonly key: K;
  readonly before: V | undefined;
  readonly after: V | undefined;
}

const removed = Symbol('removed');

/** A map whose changes can be looked at before they are kept or thrown away, so that a refused change leaves no trace. */
export class StagedMap<K, V> {
  readonly #kept = new Map<K, V>();
  readonly #pending = new Map<K, V | typeof removed>();

  get(key: K): V | undefined {
    const pending = this.#pending.get(key);
    if (pending === removed) return undefined;
    return pending ?? this.#kept.get(key);
  }

  /** What the key stood for before the pending changes. */
  getKept(key: K): V | undefined {
    return this.#kept.get(key);
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
    for (const [key, value] of this.#kept) if (!this.#pending.has(key)) yield [key, value];
    for (const [key, value] of this.#pending) if (value !== removed) yield [key, value];
  }

  keptSize(): number {
    return this.#kept.size;
  }

  /** Keeps the pending changes and tells what they replaced. */
  commit(): Change<K, V>[] {
    const changes = this.pendingChanges();
    for (const { key, after } of changes) {
      if (after === undefined) this.#kept.delete(key);
      else this.#kept.set(key, after);
    }
    this.#pending.clear();
    return changes;
  }

  pendingChanges(): Change<K, V>[] {
    return [...this.#pending].map(([key, value]) => ({
      key,
      before: this.#kept.get(key),
      after: value === removed ? undefined : value,
    }));
  }

  discard(): void {
    this.#pending.clear();
  }
}
