const every: readonly string[] = [];

/** Sets of methods, one per combination: routes name few, so thousands of them share a handful of sets. */
export class MethodSets {
  readonly #byMethods = new Map<string, ReadonlySet<string>>();

  /** The set of a route's `methods`; null = every method. */
  get(methods: readonly string[] = every): ReadonlySet<string> | null {
    if (methods.length === 0) return null;
    const key = methods.toSorted().join(' ');
    let set = this.#byMethods.get(key);
    if (set === undefined) {
      set = new Set(methods);
      this.#byMethods.set(key, set);
    }
    return set;
  }
}
