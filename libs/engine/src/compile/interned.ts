/** So many different ones are kept; then they are forgotten, and what is made later is shared among itself only. */
const mostKept = 4_096;

/** Equal values made once: thousands of routes say the same about hosts, timeouts and whom they refer to. */
export class Interned<T> {
  readonly #byKey = new Map<string, T>();

  /** The value that was made under the key before, or the one that `create` makes. */
  get(key: string, create: () => T): T {
    let value = this.#byKey.get(key);
    if (value === undefined) {
      value = create();
      if (this.#byKey.size >= mostKept) this.#byKey.clear();
      this.#byKey.set(key, value);
    }
    return value;
  }
}
