/** State that policies of a group share by name. */
export class SharedState {
  readonly #byKey = new Map<string, object>();

  /** What was made under the key; whoever uses a key always makes the same type under it. */
  getOrCreate<T extends object>(key: string, create: () => T): T {
    const existing = this.#byKey.get(key);
    if (existing !== undefined) return existing as T;
    const created = create();
    this.#byKey.set(key, created);
    return created;
  }
}
