import { setTimeout as delay } from 'node:timers/promises';
import { waitedForCoreMs } from './process-state.ts';

const everyMs = 200;
/** Longer than what must hold, so that the time is seen. */
const mostMs = 30_000;

/** Asks a gateway's `/healthz` again and again: it answers only while the event loop turns. */
export class HealthWatch {
  /** Longest time an answer took, milliseconds, but for the time in which gateway or asker were ready to run and had no core. */
  worstMs = 0;
  /** Longest time an answer took altogether. */
  worstTotalMs = 0;
  checks = 0;
  /** Answers that were not 200 or did not come. */
  failed = 0;
  readonly #url: string;
  readonly #pid: number;
  readonly #watching: Promise<void>;
  #isStopped = false;

  constructor(statusUrl: string, pid: number) {
    this.#url = `${statusUrl}/healthz`;
    this.#pid = pid;
    this.#watching = this.#watch();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#watching;
  }

  async #watch(): Promise<void> {
    while (!this.#isStopped) {
      const waitedBefore = await this.#waitedMs();
      const startedAt = performance.now();
      const isOk = await fetch(this.#url, { signal: AbortSignal.timeout(mostMs) }).then(
        async (response) => (await response.text()) !== '' && response.status === 200,
        () => false,
      );
      const elapsedMs = performance.now() - startedAt;
      const waitedMs = (await this.#waitedMs()) - waitedBefore;
      this.worstMs = Math.max(this.worstMs, elapsedMs - waitedMs);
      this.worstTotalMs = Math.max(this.worstTotalMs, elapsedMs);
      this.checks += 1;
      if (!isOk) this.failed += 1;
      await delay(everyMs);
    }
  }

  async #waitedMs(): Promise<number> {
    return (await waitedForCoreMs('self')) + (await waitedForCoreMs(this.#pid).catch(() => 0));
  }
}
