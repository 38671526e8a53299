/** Values by host name: exact names before wildcards, longer wildcards before shorter ones. Immutable. */
export class HostMap<T> {
  readonly #exact: ReadonlyMap<string, T>;
  readonly #wildcard: ReadonlyMap<string, T>;
  /** What `*` stands for. */
  readonly #any: T | undefined;
  /** Whether there are wildcards below names, which cost a look-up per label of a host. */
  readonly #hasNamed: boolean;

  private constructor(exact: ReadonlyMap<string, T>, wildcard: ReadonlyMap<string, T>) {
    this.#exact = exact;
    this.#wildcard = wildcard;
    this.#any = wildcard.get('');
    this.#hasNamed = wildcard.size > (this.#any === undefined ? 0 : 1);
  }

  static empty<T>(): HostMap<T> {
    return new HostMap<T>(new Map(), new Map());
  }

  /** A map with these patterns changed; `undefined` removes one. Patterns are lower-case, `*.example.com` or `*`. */
  with(changes: ReadonlyMap<string, T | undefined>): HostMap<T> {
    const exact = new Map(this.#exact);
    const wildcard = new Map(this.#wildcard);
    for (const [pattern, value] of changes) {
      const [map, key] = pattern.startsWith('*') ? [wildcard, pattern.slice(1)] : [exact, pattern];
      if (value === undefined) map.delete(key);
      else map.set(key, value);
    }
    return new HostMap(exact, wildcard);
  }

  /** What a pattern itself stands for. */
  get(pattern: string): T | undefined {
    return pattern.startsWith('*') ? this.#wildcard.get(pattern.slice(1)) : this.#exact.get(pattern);
  }

  /** The values whose pattern takes the host, best first, until `accept` returns something. */
  find<R>(host: string, accept: (value: T) => R | undefined): R | undefined {
    const exact = this.#exact.size === 0 ? undefined : this.#exact.get(host);
    const found = exact === undefined ? undefined : accept(exact);
    if (found !== undefined) return found;
    return (this.#hasNamed ? this.#findNamed(host, accept) : undefined) ?? this.#findAny(accept);
  }

  #findNamed<R>(host: string, accept: (value: T) => R | undefined): R | undefined {
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const value = this.#wildcard.get(host.slice(dot));
      const accepted = value === undefined ? undefined : accept(value);
      if (accepted !== undefined) return accepted;
    }
    return undefined;
  }

  #findAny<R>(accept: (value: T) => R | undefined): R | undefined {
    return this.#any === undefined ? undefined : accept(this.#any);
  }
}
