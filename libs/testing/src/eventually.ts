/** How long and how often {@link eventually} tries. */
export interface EventuallyOptions {
  /** Give up after this many milliseconds. */
  withinMs: number;
  /** Pause between two tries, in milliseconds. Default 20. */
  everyMs?: number;
}

/**
 * Repeats `attempt` until it neither throws nor rejects and returns its value.
 * Rethrows the last failure, with the time waited, once `withinMs` have passed.
 */
export async function eventually<T>(attempt: () => T | Promise<T>, options: EventuallyOptions): Promise<T> {
  const deadline = performance.now() + options.withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (performance.now() >= deadline) {
        throw new Error(
          `still failing after ${options.withinMs} ms: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        );
      }
    }
    await new Promise<void>((resolve) => setTimeout(resolve, options.everyMs ?? 20));
  }
}
