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
  /** Answers that were seen until the gateway ran again. */
  answers: number;
  /** Calls counted in all, as far as the platform has said since; they are of the time before the gateway ran again. */
  counted: number;
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
  /** Calls that a kill lost although they were answered before its window. */
  readonly lostBeforeWindow: number;
  /** How long before its kill the oldest of the lost calls was answered at least, the longest of all kills, milliseconds. */
  readonly longestLossMs: number;
}

/** How long before a kill a call may have been answered without being counted: what `USAGE_FLUSH_MS` promises, and nothing on top. */
export const windowMs = 100;

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

  /** Just before the signal is sent. */
  died(): void {
    this.#outages.push({ from: performance.now(), to: Number.POSITIVE_INFINITY, answers: 0, counted: 0 });
  }

  revived(): void {
    const last = this.#outages.at(-1);
    if (!last) return;
    last.to = performance.now();
    last.answers = this.#answers.length;
  }

  /** The platform counts so many calls, and none was made since the gateway ran again. */
  counted(calls: number): void {
    const last = this.#outages.at(-1);
    if (last) last.counted = Math.max(last.counted, calls);
  }

  /** True when the last kill lost no more than its window allows. */
  get isLastKillExplained(): boolean {
    return (this.#losses().at(-1)?.beforeWindow ?? 0) === 0;
  }

  sums(): CallSums {
    const cutOff = this.#failures.filter(({ from, to }) =>
      this.#outages.some((outage) => from <= outage.to && to >= outage.from),
    ).length;
    const losses = this.#losses();
    return {
      made: this.#answers.length,
      billable: this.#answers.filter(({ isForwarded }) => isForwarded).length,
      failed: this.#failures.length - cutOff + this.#faults,
      cutOff,
      inWindow: losses.reduce((sum, { inWindow }) => sum + inWindow, 0),
      lostBeforeWindow: losses.reduce((sum, { beforeWindow }) => sum + beforeWindow, 0),
      longestLossMs: Math.max(0, ...losses.map(({ ageMs }) => ageMs)),
    };
  }

  /**
   * Kill by kill, so that what one of them lost cannot hide behind the window of another. Which calls are missing nobody says; if n
   * are, the oldest of them is no younger than the n-th last that was answered.
   */
  #losses(): { inWindow: number; beforeWindow: number; ageMs: number }[] {
    let lostBefore = 0;
    return this.#outages.map(({ from, answers, counted }) => {
      const lost = Math.max(0, answers - counted - lostBefore);
      lostBefore += lost;
      const seen = this.#answers.slice(0, answers);
      const inWindow = seen.filter(({ at }) => at >= from - windowMs).length;
      const oldestAt = lost === 0 ? from : (seen[answers - lost]?.at ?? Number.NEGATIVE_INFINITY);
      return { inWindow, beforeWindow: Math.max(0, lost - inWindow), ageMs: Math.max(0, from - oldestAt) };
    });
  }
}
