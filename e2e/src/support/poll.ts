/** Calls `attempt` again and again, at most every `everyMs`, until it gives something. Throws with `what` after `withinMs`. */
export async function poll<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  { withinMs, everyMs }: { withinMs: number; everyMs: number },
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const started = performance.now();
    const found = await attempt();
    if (found !== undefined) return found;
    if (started > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    const rest = everyMs - (performance.now() - started);
    if (rest > 0) await new Promise<void>((resolve) => setTimeout(resolve, rest));
  }
}

/** Middle value; of an even number of values the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}
