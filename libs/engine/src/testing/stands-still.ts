import { eventually } from '@tollgate/testing';

/** So long must a count stay what it is. */
const everyMs = 100;

/** Waits until a count that has begun to rise rises no more: whoever raises it is being held back. */
export async function standsStill(count: () => number): Promise<void> {
  let before = 0;
  await eventually(
    () => {
      const now = count();
      const isStill = now > 0 && now === before;
      before = now;
      if (!isStill) throw new Error(`it has risen to ${now}`);
    },
    { withinMs: 5000, everyMs },
  );
}
