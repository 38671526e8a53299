import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeSubscriptions } from './close-subscriptions.ts';
import type { Subscription } from './event-bus.ts';

const subscription = (group: string, close: () => Promise<void>): Subscription => ({
  group,
  close,
  check: async () => undefined,
});

describe('closing subscriptions', () => {
  const warned: object[] = [];
  const logger = { info: () => undefined, error: () => undefined, warn: (fields: object) => void warned.push(fields) };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    warned.length = 0;
  });

  it('waits for all of them', async () => {
    const closed: string[] = [];
    const closing = ['a', 'b'].map((group) => subscription(group, async () => void closed.push(group)));
    await closeSubscriptions(closing, logger);
    expect(closed).toEqual(['a', 'b']);
    expect(warned).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up on one whose handler hangs, and says which', async () => {
    const hanging = subscription('iam.stuck', () => new Promise(() => undefined));
    const closing = closeSubscriptions([hanging], logger);
    await vi.advanceTimersByTimeAsync(8000);
    await closing;
    expect(warned).toEqual([{ group: 'iam.stuck' }]);
  });
});
