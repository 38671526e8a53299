/** A call earns its upstream a fifth of a retry. */
const callsPerRetry = 5;
/** What calls have earned is not saved up beyond this many retries, so that only recent calls count. */
const maxSaved = 50;
/** Retries that are free in each window, so that upstreams with few calls are retried too. */
const freeRetries = 10;
const windowMs = 10_000;

/**
 * Bounds retries to a fifth of an upstream's recent calls and 10 in 10 seconds, so that an upstream that fails under its load does not get a
 * multiple of it. Counts are whole numbers: a call costs an addition.
 */
export class RetryBudget {
  #earned = 0;
  #windowEndsAt = 0;
  #freeLeft = 0;

  /** A call begins. */
  earn(): void {
    if (this.#earned < maxSaved * callsPerRetry) this.#earned++;
  }

  /** Whether a call may be tried again. */
  isLeft(nowMs = performance.now()): boolean {
    return this.#earned >= callsPerRetry || this.#freeLeft > 0 || nowMs >= this.#windowEndsAt;
  }

  /** A call is tried again; only after {@link isLeft}. */
  spend(nowMs = performance.now()): void {
    if (this.#earned >= callsPerRetry) {
      this.#earned -= callsPerRetry;
      return;
    }
    if (nowMs >= this.#windowEndsAt) {
      this.#windowEndsAt = nowMs + windowMs;
      this.#freeLeft = freeRetries;
    }
    this.#freeLeft--;
  }
}
