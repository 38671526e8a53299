import type { UsageBatch } from '@tollgate/contracts/dataplane';

/** How many calls ended with which status. */
export type CallsByStatus = ReadonlyMap<number, number>;

/** The calls that a data plane says it has answered; a batch that comes again counts once. */
export class CountedCalls {
  readonly #batches = new Map<string, string>();
  readonly #byStatus = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  get byStatus(): CallsByStatus {
    return this.#byStatus;
  }

  /** @throws Error when a batch comes again with other content. */
  take(batch: UsageBatch): void {
    const name = `${batch.epoch} ${batch.sequence}`;
    const content = JSON.stringify(batch);
    const known = this.#batches.get(name);
    if (known !== undefined && known !== content)
      throw new Error(`batch ${batch.sequence} has come with other content`);
    if (known !== undefined) return;
    this.#batches.set(name, content);
    for (const { status, calls } of batch.rows) {
      this.#total += calls;
      this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + calls);
    }
  }
}
