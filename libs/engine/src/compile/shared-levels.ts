import type { Plugins } from '@tollgate/contracts/gateway';
import type { PolicySet } from '../policy/policy-set.ts';

/** The map is swept when it has grown to twice what was alive at the last sweep, but not below this. */
const smallestSweep = 256;

/**
 * The sets of stateless policies of a gateway group by what is written: thousands of routes that write the same have one set, which is compiled
 * once, and one pipeline. They are forgotten with the last route that uses them.
 */
export class SharedLevels {
  readonly #byText = new Map<string, WeakRef<PolicySet>>();
  readonly #shared = new WeakSet<PolicySet>();
  #sweepAt = smallestSweep;

  /** The set of what is written, if it is in use already. */
  find(plugins: Plugins): PolicySet | undefined {
    return this.#byText.size === 0 ? undefined : this.#byText.get(JSON.stringify(plugins))?.deref();
  }

  /** The set may be used by whoever writes the same. */
  add(plugins: Plugins, policies: PolicySet): void {
    this.#shared.add(policies);
    this.#byText.set(JSON.stringify(plugins), new WeakRef(policies));
    if (this.#byText.size >= this.#sweepAt) this.#sweep();
  }

  /** Whether several may have this very set. */
  has(policies: PolicySet): boolean {
    return this.#shared.has(policies);
  }

  /** What policies are made of, apart from what is written, has changed. */
  clear(): void {
    this.#byText.clear();
  }

  #sweep(): void {
    for (const [text, policies] of this.#byText) if (policies.deref() === undefined) this.#byText.delete(text);
    this.#sweepAt = Math.max(smallestSweep, this.#byText.size * 2);
  }
}
