import type { CallSums } from './call-book.ts';

/** What the platform says of the same calls. */
export interface CountedSums {
  readonly counted: number;
  readonly billed: number;
}

/** Both sides of the books of a gateway group. */
export interface Ledger extends CallSums, CountedSums {
  /** Calls that are missing and were answered outside every window. */
  readonly lost: number;
  /** Calls that are missing and may have been answered within a window. */
  readonly lostInWindow: number;
  /** Calls that were counted more often than they can have been made. */
  readonly doubled: number;
  /** By how much the bill is wrong, in calls, beyond what the windows and cut-off calls explain. */
  readonly misbilled: number;
}

/**
 * Holds what was counted against what was made. A call that was cut off may have been answered, and counted, without its caller seeing
 * the answer; one that was answered within the window before a kill may be missing, as many as there were before that kill. Without
 * kills both are exact.
 */
export function balance(made: CallSums, counted: CountedSums): Ledger {
  const missing = Math.max(0, made.made - counted.counted);
  const unbilled = made.billable - counted.billed;
  return {
    ...made,
    ...counted,
    lost: Math.max(0, missing - made.inWindow, made.lostBeforeWindow),
    lostInWindow: Math.min(missing, made.inWindow),
    doubled: Math.max(0, counted.counted - made.made - made.cutOff),
    misbilled: Math.max(0, unbilled - made.inWindow, -unbilled - made.cutOff),
  };
}

/** True when nothing was lost outside the windows, nothing doubled, nothing failed and the bill is right. */
export function isBalanced({ lost, doubled, failed, misbilled }: Ledger): boolean {
  return lost === 0 && doubled === 0 && failed === 0 && misbilled === 0;
}
