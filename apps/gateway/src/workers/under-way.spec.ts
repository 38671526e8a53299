import { describe, expect, it, vi } from 'vitest';
import { UnderWay } from './under-way.ts';

/** Whether the promise has resolved by the time that everything which can go on at once has. */
async function hasResolved(promise: Promise<void>): Promise<boolean> {
  let isResolved = false;
  void promise.then(() => (isResolved = true));
  await new Promise((resolve) => setImmediate(resolve));
  return isResolved;
}

describe('what is under way', () => {
  it('waits for nothing while there is room', async () => {
    const underWay = new UnderWay({ most: 2, longestMs: 60_000 });
    underWay.add(Promise.withResolvers<void>().promise);
    expect(await hasResolved(underWay.room())).toBe(true);
  });

  it('has no room for more than it may be, until the oldest has ended', async () => {
    const underWay = new UnderWay({ most: 2, longestMs: 60_000 });
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    underWay.add(first.promise);
    underWay.add(second.promise);
    const room = underWay.room();
    expect(await hasResolved(room)).toBe(false);
    first.resolve();
    expect(await hasResolved(room)).toBe(true);
  });

  it('lets nothing more begin while something takes too long', async () => {
    const underWay = new UnderWay({ most: 10, longestMs: 1_000 });
    const [slow, quick] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const begunAt = performance.now();
    underWay.add(slow.promise);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(begunAt + 2_000);
    underWay.add(quick.promise);
    const room = underWay.room();
    quick.resolve();
    expect(await hasResolved(room)).toBe(false);
    slow.resolve();
    expect(await hasResolved(room)).toBe(true);
    clock.mockRestore();
  });

  it('has nothing behind it when it takes all the room, until it has ended', async () => {
    const underWay = new UnderWay({ most: 2, longestMs: 60_000 });
    const [small, large] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    underWay.add(small.promise);
    underWay.add(large.promise, 2);
    const room = underWay.room();
    small.resolve();
    expect(await hasResolved(room)).toBe(false);
    large.resolve();
    expect(await hasResolved(room)).toBe(true);
  });
});
