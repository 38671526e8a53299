/** How much may be under way, and how long. */
export interface UnderWayBounds {
  readonly most: number;
  /** Nothing more begins while something has been under way for longer, milliseconds. */
  readonly longestMs: number;
}

/** Work that has begun and has not ended, bounded. It ends in the order in which it began. */
export class UnderWay {
  /** When it began, by the promise with which it ends. */
  readonly #begun = new Map<Promise<unknown>, number>();
  #taken = 0;

  constructor(private readonly bounds: UnderWayBounds) {}

  /** Resolves when more may begin. */
  async room(): Promise<void> {
    const { most, longestMs } = this.bounds;
    for (const [oldest, begunAt] of this.#begun) {
      if (this.#taken < most && performance.now() - begunAt <= longestMs) return;
      await oldest;
    }
  }

  /** Something has begun that takes so much room, and ends with the promise, which does not reject. */
  add(end: Promise<unknown>, takes = 1): void {
    this.#begun.set(end, performance.now());
    this.#taken += takes;
    void end.then(() => {
      this.#begun.delete(end);
      this.#taken -= takes;
    });
  }
}
