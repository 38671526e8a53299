import { describe, expect, it } from 'vitest';
import { giveMemoryBackAfter } from './give-memory-back.ts';

/** Something large that nobody holds. */
function garbage(): WeakRef<object> {
  return new WeakRef(Array.from({ length: 10_000 }, (_, index) => ({ index })));
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('what compiling has left behind', () => {
  it.each([true, false])('is collected after a large change (while serving: %s)', async (isServing) => {
    const left = garbage();
    await nextTurn();
    giveMemoryBackAfter(1_000, { isServing });
    expect(left.deref()).toBeUndefined();
  });

  it('is left to V8 after a small one', async () => {
    const left = garbage();
    await nextTurn();
    giveMemoryBackAfter(999, { isServing: false });
    expect(left.deref()).toBeDefined();
  });
});
