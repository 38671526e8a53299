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
export function startOnPort<T>(wanted: number, start: (port: number) => Promise<T>): Promise<T> {
  return startPatiently(
    async () => start(wanted === 0 ? await findFreePort() : wanted),
    ({ message }) => TRANSIENT.test(message),
  );
}

/** Starts a server, and again for as long as what it met passes by itself; 20 times at most. */
export async function startPatiently<T>(
  start: () => Promise<T>,
  isTransient: (error: ServerStartError) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ServerStartError) || !isTransient(error) || attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}
