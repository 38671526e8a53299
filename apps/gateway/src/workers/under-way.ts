/** Work that has begun and has not ended, bounded. It ends in the order in which it began. */
export class UnderWay {
  readonly #ends = new Set<Promise<unknown>>();
  #room: number;

  /** @param most of it at a time. */
  constructor(most: number) {
    this.#room = most;
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.#room <= 0) {
      const [oldest] = this.#ends;
      await oldest;
    }
  }

  /** Something has begun that takes so much room, and ends with the promise, which does not reject. */
  add(end: Promise<unknown>, takes = 1): void {
    this.#ends.add(end);
    this.#room -= takes;
    void end.then(() => {
      this.#ends.delete(end);
      this.#room += takes;
    });
  }
}
