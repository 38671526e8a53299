import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.ts';
import { ServerStartError } from './server-process.ts';

const ATTEMPTS = 20;
const PAUSE_MS = 250;

/**
 * What passes by itself: another process took the free port a moment earlier, or the last threads of a server killed a
 * moment ago still hold its port or its shared memory.
 */
const TRANSIENT = /address (?:is )?(?:already )?in use|shared memory block .* is still in use/i;

/** Starts a server on the wanted port, or on a free one when that is 0, and tries again while the obstacle is transient. */
export async function startOnPort<T>(wanted: number, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(wanted === 0 ? await findFreePort() : wanted);
    } catch (error) {
      const isTransient = error instanceof ServerStartError && TRANSIENT.test(error.message);
      if (!isTransient || attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}
