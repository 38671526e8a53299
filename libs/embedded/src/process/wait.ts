import { setTimeout as delay } from 'node:timers/promises';

/** Polls a condition every `everyMs` (default 25) until it holds; false when `withinMs` passed first. */
export async function holdsWithin(
  condition: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 25 }: { withinMs: number; everyMs?: number },
): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await delay(everyMs);
  }
  return true;
}
