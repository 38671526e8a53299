/** So many streams may be reset at once … */
const burst = 200;
/** … and so many per second after that. People who leave pages reset some; thousands are an attack (CVE-2023-44487). */
const perSecond = 20;

/** How many resets of streams one connection is allowed. */
export class ResetBudget {
  #left = burst;
  #countedAtMs: number;

  constructor(nowMs: number) {
    this.#countedAtMs = nowMs;
  }

  /** Counts one reset; false when it was one too many. */
  take(nowMs: number): boolean {
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#countedAtMs) / 1000) * perSecond) - 1;
    this.#countedAtMs = nowMs;
    return this.#left >= 0;
  }
}
