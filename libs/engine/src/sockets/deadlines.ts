/** Something that must not last for ever. */
export interface Perishable {
  /** On the clock of {@link Deadlines.now}; Infinity = never. */
  deadlineMs: number;
  /** The deadline has passed; called at each tick until it is set anew. */
  onDeadline(): void;
}

const tickMs = 50;

/**
 * One coarse timer for all timeouts of a process: setting a deadline is an assignment, and nothing is armed or cancelled per request. A
 * deadline is met within two ticks, never early.
 */
export class Deadlines {
  readonly #watched = new Set<Perishable>();
  #timer: NodeJS.Timeout | undefined;
  #nowMs = performance.now();

  /** Milliseconds on a clock of its own, right to a tick. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The deadline that lies `ms` ahead. */
  in(ms: number): number {
    return this.#nowMs + tickMs + ms;
  }

  watch(perishable: Perishable): void {
    this.#watched.add(perishable);
    if (this.#timer !== undefined) return;
    this.#nowMs = performance.now();
    this.#timer = setInterval(() => this.#tick(), tickMs).unref();
  }

  forget(perishable: Perishable): void {
    this.#watched.delete(perishable);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const nowMs = performance.now();
    this.#nowMs = nowMs;
    for (const perishable of this.#watched) {
      if (perishable.deadlineMs <= nowMs) perishable.onDeadline();
    }
  }
}
