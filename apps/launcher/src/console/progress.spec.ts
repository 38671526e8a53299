import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from './progress.ts';

describe('createProgress', () => {
  let text: string;
  const progress = createProgress((line) => (text += stripVTControlCharacters(line)));

  beforeEach(() => {
    text = '';
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('says what it is doing only when a step takes over a second', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const step = progress.step('Building', () => promise);
    await vi.advanceTimersByTimeAsync(999);
    expect(text).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    expect(text).toContain('… Building');
    resolve();
    await step;
    expect(text).toMatch(/✓ .*Building/s);
  });

  it('marks the step that failed and passes the error on', async () => {
    await expect(progress.step('Building', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(text).toContain('Building');
    expect(text).toContain('✗');
  });
});
