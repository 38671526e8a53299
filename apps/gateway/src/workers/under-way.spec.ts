import { describe, expect, it } from 'vitest';
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
    const underWay = new UnderWay(2);
    underWay.add(Promise.withResolvers<void>().promise);
    expect(await hasResolved(underWay.room())).toBe(true);
  });

  it('has no room for more than it may be, until the oldest has ended', async () => {
    const underWay = new UnderWay(2);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    underWay.add(first.promise);
    underWay.add(second.promise);
    const room = underWay.room();
    expect(await hasResolved(room)).toBe(false);
    first.resolve();
    expect(await hasResolved(room)).toBe(true);
  });

  it('has nothing behind it when it takes all the room, until it has ended', async () => {
    const underWay = new UnderWay(2);
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
