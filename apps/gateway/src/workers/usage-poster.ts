import type { UsageRow } from '@tollgate/contracts/dataplane';

/** What the poster works with. */
export interface UsagePosterOptions {
  /** Counters since the last time it was called. */
  readonly drain: () => UsageRow[];
  readonly post: (rows: readonly UsageRow[]) => void;
  /** Least time between two posts, milliseconds. */
  readonly everyMs: number;
}

/**
 * Hands a worker's counters to the primary in the turn of the event loop that counted the first of them, but not more often than it may:
 * what a death may cost depends on the progress of the worker itself.
 */
export class UsagePoster {
  #postedAt = Number.NEGATIVE_INFINITY;
  #isDue = false;

  constructor(private readonly options: UsagePosterOptions) {}

  /** A call was counted, the first since the last drain. */
  readonly counted = (): void => {
    if (this.#isDue) return;
    this.#isDue = true;
    const pauseMs = this.#postedAt + this.options.everyMs - performance.now();
    if (pauseMs <= 0) setImmediate(() => this.post());
    else setTimeout(() => this.post(), pauseMs);
  };

  /** Hands over what was counted, at once. */
  post(): void {
    this.#isDue = false;
    const rows = this.options.drain();
    if (rows.length === 0) return;
    this.#postedAt = performance.now();
    this.options.post(rows);
  }
}
