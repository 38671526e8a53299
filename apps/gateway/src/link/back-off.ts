/** Growing, jittered pauses, so that a thousand data planes do not come back in the same moment. */
export class BackOff {
  #attempt = 0;

  constructor(
    private readonly bounds: { readonly firstMs: number; readonly longestMs: number } = {
      firstMs: 200,
      longestMs: 15_000,
    },
    private readonly random: () => number = Math.random,
  ) {}

  /** Milliseconds to wait before the next try: between half and all of a bound that doubles each time. */
  next(): number {
    const bound = Math.min(this.bounds.longestMs, this.bounds.firstMs * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 30);
    return bound * (0.5 + this.random() / 2);
  }

  /** It worked: the next failure starts small again. */
  reset(): void {
    this.#attempt = 0;
  }
}
