import { setTimeout as delay } from 'node:timers/promises';

/** Exponential pauses with jitter between two tries of something that fails. */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  #failures = 0;

  constructor(options: { firstMs: number; longestMs: number }) {
    this.#firstMs = options.firstMs;
    this.#longestMs = options.longestMs;
  }

  /** The next pause in milliseconds: doubled each time, between half and the full value. */
  next(): number {
    const full = Math.min(this.#firstMs * 2 ** this.#failures, this.#longestMs);
    this.#failures += 1;
    return full * (0.5 + Math.random() / 2);
  }

  /** Start again with the first pause. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits for the next pause, or until the signal is aborted. Never rejects. */
  async wait(signal: AbortSignal): Promise<void> {
    await pause(this.next(), signal);
  }
}

/** Waits, at most until the signal is aborted. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
