/** A critical section is some tens of nanoseconds long, unless its thread was taken off the processor in the middle of it. */
const spins = 200;
/** Then waiting threads look again this often, milliseconds, and leave the processor to it. */
const pauseMs = 1;

/**
 * Takes a lock in memory that threads share; 0 is free, any other number names who holds it. Not re-entrant. Nothing between here and
 * {@link unlock} may allocate much, wait, or throw.
 */
export function lock(words: Int32Array, index: number, holder: number): void {
  for (let tries = 0; Atomics.compareExchange(words, index, 0, holder) !== 0; tries++) {
    if (tries < spins) continue;
    const other = Atomics.load(words, index);
    if (other !== 0) Atomics.wait(words, index, other, pauseMs);
  }
}

export function unlock(words: Int32Array, index: number): void {
  Atomics.store(words, index, 0);
}

/** Frees a lock that a thread held when it was ended. */
export function breakLock(words: Int32Array, index: number, holder: number): void {
  Atomics.compareExchange(words, index, holder, 0);
}
