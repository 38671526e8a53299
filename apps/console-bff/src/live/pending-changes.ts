import type { LiveChange } from '@tollgate/contracts/rest/console';

/** How long changes are gathered before they are told. */
const gatherMs = 100;
/** Above this many, topics alone are told. */
const maxNamed = 200;

/** Gathers what changes within a moment and tells each change once. */
export class PendingChanges {
  readonly #tell: (changes: readonly LiveChange[]) => void;
  readonly #changes = new Map<string, LiveChange>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (changes: readonly LiveChange[]) => void) {
    this.#tell = tell;
  }

  add(changes: readonly LiveChange[]): void {
    for (const change of changes) this.#put(change);
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  discard(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changes.clear();
  }

  #put(change: LiveChange): void {
    if (this.#changes.size < maxNamed) {
      this.#changes.set(JSON.stringify(change), change);
      return;
    }
    const topics = new Set([...this.#changes.values(), change].map(({ topic }) => topic));
    this.#changes.clear();
    for (const topic of topics) this.#changes.set(JSON.stringify({ topic }), { topic });
  }

  #flush(): void {
    const changes = [...this.#changes.values()];
    this.discard();
    this.#tell(changes);
  }
}
