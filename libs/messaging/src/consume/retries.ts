import { BackOff } from '../bus/back-off.ts';
import { isOutage } from './failures.ts';

/** How often a handler gets an event before it becomes a dead letter. */
export interface RetryPolicy {
  readonly attempts: number;
  /** First pause between two attempts, milliseconds; doubled each time. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/** About two seconds in all: longer would hold up the other events of the partition. */
export const defaultRetries: RetryPolicy = { attempts: 5, firstMs: 100, longestMs: 1000 };

/** Outcome of {@link attempt}. */
export type Attempted<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: unknown };

/**
 * Runs `work` until it resolves or the policy's attempts are used up.
 * @throws what `work` threw when it is an outage or the signal is aborted: then the event is to be delivered again.
 */
export async function attempt<T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  work: () => Promise<T>,
  onRetry: (cause: unknown) => void,
): Promise<Attempted<T>> {
  const backOff = new BackOff(policy);
  for (let made = 1; ; made += 1) {
    try {
      return { ok: true, value: await work() };
    } catch (cause) {
      if (isOutage(cause) || signal.aborted) throw cause;
      if (made >= policy.attempts) return { ok: false, cause };
      onRetry(cause);
      await backOff.wait(signal);
    }
  }
}
