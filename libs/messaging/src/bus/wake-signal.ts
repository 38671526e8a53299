/** Remembers that something happened until somebody waits for it, so that no wake-up falls between a look and a wait. */
export class WakeSignal {
  #rung = false;
  #end: (() => void) | undefined;

  /** Ends the current wait, or the next one. */
  ring(): void {
    this.#rung = true;
    this.#end?.();
  }

  /** Waits until the signal rings, `ms` have passed or `abort` is aborted. */
  async wait(ms: number, abort: AbortSignal): Promise<void> {
    if (!this.#rung && !abort.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const end = (): void => resolve();
      const timer = setTimeout(end, ms);
      abort.addEventListener('abort', end);
      this.#end = end;
      await promise;
      clearTimeout(timer);
      abort.removeEventListener('abort', end);
      this.#end = undefined;
    }
    this.#rung = false;
  }
}
