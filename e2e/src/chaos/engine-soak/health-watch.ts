import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 200;
/** Longer than what must hold, so that the time is seen. */
const mostMs = 30_000;

/** Asks a gateway's `/healthz` again and again: it answers only while the event loop turns. */
export class HealthWatch {
  /** Longest time an answer took, milliseconds. */
  worstMs = 0;
  checks = 0;
  /** Answers that were not 200 or did not come. */
  failed = 0;
  readonly #url: string;
  readonly #watching: Promise<void>;
  #isStopped = false;

  constructor(statusUrl: string) {
    this.#url = `${statusUrl}/healthz`;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const startedAt = performance.now();
      const isOk = await fetch(this.#url, { signal: AbortSignal.timeout(mostMs) }).then(
        async (response) => (await response.text()) !== '' && response.status === 200,
        () => false,
      );
      this.worstMs = Math.max(this.worstMs, performance.now() - startedAt);
      this.checks += 1;
      if (!isOk) this.failed += 1;
      await delay(everyMs);
    }
  }
}
