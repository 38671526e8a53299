import { once } from 'node:events';
import { newId } from '@tollgate/contracts';
import { eventually } from '@tollgate/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { wakeChannel } from './keys.ts';
import { WakeUps } from './wake-ups.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** Far below the time after which a reader looks without being woken. */
const withinMs = 3_000;

let listener: Redis;
let publisher: Redis;

beforeEach(() => {
  listener = new Redis(inject('redisUrl'), { autoResubscribe: false, maxRetriesPerRequest: null });
  listener.on('error', () => undefined);
  publisher = new Redis(inject('redisUrl'));
});
afterEach(() => {
  listener.disconnect();
  publisher.disconnect();
});

/** Messages are heard, not only the one ring when listening begins. */
async function hears(wakeUps: WakeUps): Promise<void> {
  const name = newId('evt');
  const ring = vi.spyOn(wakeUps.add(name), 'ring');
  await eventually(
    async () => {
      await publisher.publish(wakeChannel, name);
      expect(ring.mock.calls.length).toBeGreaterThan(5);
    },
    { withinMs },
  );
}

describe('wake-ups', () => {
  it.each(['at once', 'connect', 'ready'])(
    'are heard when listening begins at any stage of connecting: %s',
    async (stage) => {
      const wakeUps = new WakeUps(listener, silent);
      if (stage !== 'at once') await once(listener, stage);
      wakeUps.listen();
      await hears(wakeUps);
    },
  );

  it('are heard again after a reconnect, and everybody is woken for what was missed', async () => {
    const wakeUps = new WakeUps(listener, silent);
    wakeUps.listen();
    await hears(wakeUps);
    const missed = vi.spyOn(wakeUps.add('missed'), 'ring');
    listener.disconnect(true);
    await eventually(() => expect(missed).toHaveBeenCalledOnce(), { withinMs });
    await hears(wakeUps);
  });
});
