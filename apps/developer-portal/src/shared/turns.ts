/** How many of a kind of work there may be. */
export interface TurnLimits {
  /** At once. */
  readonly atOnce: number;
  /** That wait for their turn. */
  readonly waiting: number;
}

/** Lets work that is dear go on a few at a time; what is beyond the bounds is refused instead of waiting without end. */
export class Turns {
  readonly #limits: TurnLimits;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Runs the work when it is its turn; at once calls `refuse`, which throws, when too many wait already. */
  async run<T>(work: () => Promise<T>, refuse: () => never): Promise<T> {
    if (this.#running < this.#limits.atOnce) this.#running += 1;
    else if (this.#waiting.length >= this.#limits.waiting) return refuse();
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waited longest takes the turn over: it is never free in between.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
