/** What came back for one call. */
export interface Answer {
  readonly status: number;
  /** The upstream answered, not the gateway. */
  readonly isForwarded: boolean;
  /** The gateway did not know the host: noise, unless it served the host before. */
  readonly isUnknownHost: boolean;
}

/** A time during which a gateway was not running, milliseconds of `performance.now()`. */
interface Outage {
  readonly from: number;
  to: number;
}

/** What a caller saw. */
export interface CallSums {
  /** Calls that were answered. */
  readonly made: number;
  /** Answered calls that an upstream answered. */
  readonly billable: number;
  /** Calls that failed although their gateway was running all the time, and those it answered with 5xx or as if it did not know its host. */
  readonly failed: number;
  /** Calls that were under way, or were begun, while their gateway was dead. */
  readonly cutOff: number;
  /** Answered calls of `made` that a gateway answered within the window before it was killed. */
  readonly inWindow: number;
}

/**
 * How long before a kill a call may have been answered without being counted: the gateway writes its counters every 100 ms
 * (`USAGE_FLUSH_MS`), and what is being written takes its time to reach the disk.
 */
export const windowMs = 250;

/** The caller's own log of one gateway; what stands in it is the truth. */
export class CallBook {
  readonly #answers: { readonly at: number; readonly isForwarded: boolean }[] = [];
  readonly #failures: { readonly from: number; readonly to: number }[] = [];
  readonly #outages: Outage[] = [];
  #faults = 0;

  answered({ status, isForwarded, isUnknownHost }: Answer): void {
    this.#answers.push({ at: performance.now(), isForwarded });
    if (status >= 500 || isUnknownHost) this.#faults += 1;
  }

  /** @param from when the call was begun. */
  failedSince(from: number): void {
    this.#failures.push({ from, to: performance.now() });
  }

  died(): void {
    this.#outages.push({ from: performance.now(), to: Number.POSITIVE_INFINITY });
  }

  revived(): void {
    const last = this.#outages.at(-1);
    if (last) last.to = performance.now();
  }

  sums(): CallSums {
    const cutOff = this.#failures.filter(({ from, to }) =>
      this.#outages.some((outage) => from <= outage.to && to >= outage.from),
    ).length;
    const isInWindow = (at: number): boolean => this.#outages.some(({ from }) => at <= from && at >= from - windowMs);
    return {
      made: this.#answers.length,
      billable: this.#answers.filter(({ isForwarded }) => isForwarded).length,
      failed: this.#failures.length - cutOff + this.#faults,
      cutOff,
      inWindow: this.#answers.filter(({ at }) => isInWindow(at)).length,
    };
  }
}
