/** Bounds how many probes are under way at once in a process. */
export class ProbeSlots {
  #free: number;
  /** In order; each upstream stands here once at most. */
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Takes a slot, to be given back; without a free one `whenFree` is called, once, when it is worth another try. */
  take(whenFree: () => void): boolean {
    if (this.#free === 0) {
      this.#waiting.add(whenFree);
      return false;
    }
    this.#free--;
    return true;
  }

  giveBack(): void {
    this.#free++;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }

  /** Does not wait any longer. */
  leave(whenFree: () => void): void {
    this.#waiting.delete(whenFree);
  }
}
