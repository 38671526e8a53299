import type { CompiledPolicy } from './policy-set.ts';

/** The map is swept when it has grown to twice what was alive at the last sweep, but not below this. */
const smallestSweep = 256;

/**
 * The instances of stateless policies of a gateway group, by name and options: thousands of routes with the same options run the same
 * functions, which then stay in the processor's caches. They are forgotten with the last level that uses them.
 */
export class PolicyInstances {
  readonly #instances = new Map<string, WeakRef<CompiledPolicy>>();
  #sweepAt = smallestSweep;

  /** The instance that is in use already, or the one that `create` makes. */
  get(name: string, fingerprint: string, create: () => CompiledPolicy): CompiledPolicy {
    const key = `${name} ${fingerprint}`;
    const known = this.#instances.get(key)?.deref();
    if (known !== undefined) return known;
    const created = create();
    this.#instances.set(key, new WeakRef(created));
    if (this.#instances.size >= this.#sweepAt) this.#sweep();
    return created;
  }

  #sweep(): void {
    for (const [key, instance] of this.#instances) if (instance.deref() === undefined) this.#instances.delete(key);
    this.#sweepAt = Math.max(smallestSweep, this.#instances.size * 2);
  }
}
