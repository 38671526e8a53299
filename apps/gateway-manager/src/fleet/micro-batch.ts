/** How a {@link MicroBatch} gathers. */
export interface MicroBatchOptions<T> {
  readonly maxItems: number;
  /** Longest wait for company, in milliseconds. */
  readonly maxWaitMs: number;
  write(items: readonly T[]): Promise<void>;
}

/** Joins what many callers write at about the same time into few writes; each caller hears what became of its own. */
export class MicroBatch<T> {
  #items: T[] = [];
  #written: Promise<void> | undefined;
  #flush: (() => void) | undefined;

  constructor(private readonly options: MicroBatchOptions<T>) {}

  /** Resolves when the item is written; rejects with the whole batch. */
  add(item: T): Promise<void> {
    this.#items.push(item);
    const written = (this.#written ??= this.#open());
    if (this.#items.length >= this.options.maxItems) this.#flush?.();
    return written;
  }

  #open(): Promise<void> {
    const full = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.maxWaitMs);
      this.#flush = () => {
        clearTimeout(timer);
        this.#close();
        resolve();
      };
    });
    const items = this.#items;
    return full.then(() => {
      if (this.#items === items) this.#close();
      return this.options.write(items);
    });
  }

  #close(): void {
    this.#items = [];
    this.#written = undefined;
    this.#flush = undefined;
  }
}
