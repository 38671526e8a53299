/** Work that has begun and has not ended, bounded. It ends in the order in which it began. */
export class UnderWay {
  readonly #ends = new Set<Promise<unknown>>();

  /** @param most of it at a time. */
  constructor(private readonly most: number) {}

  /** Resolves when there is room for one more. */
  async room(): Promise<void> {
    while (this.#ends.size >= this.most) {
      const [oldest] = this.#ends;
      await oldest;
    }
  }

  /** Something has begun that ends with the promise, which does not reject. */
  add(end: Promise<unknown>): void {
    this.#ends.add(end);
    void end.then(() => this.#ends.delete(end));
  }
}
