const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Pause before start number `attempt` (from 0) after a crash: 250 ms, doubling up to 30 s. */
export function backOffMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
}
