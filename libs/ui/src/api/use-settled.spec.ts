import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useSettled } from './use-settled.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a text that somebody types', () => {
  it('is asked for at once after a rest, and in one go only when it stands still', async () => {
    const scope = effectScope();
    const text = ref('');
    const settled = scope.run(() => useSettled(text, 50)) ?? ref('');
    const type = async (next: string, thenMs: number) => {
      text.value = next;
      await nextTick();
      const seen = settled.value;
      vi.advanceTimersByTime(thenMs);
      return seen;
    };
    expect(await type('o', 10)).toBe('o');
    expect(await type('or', 10)).toBe('o');
    expect(await type('ord ', 60)).toBe('o');
    expect(settled.value).toBe('ord');
    expect(await type('orde', 60)).toBe('orde');
    scope.stop();
  });
});
