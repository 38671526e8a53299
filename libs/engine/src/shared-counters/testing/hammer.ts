import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HammerWork } from './hammer-thread.ts';

/** Starts `threads` threads that do the same at the same time; resolves to what each of them counted. */
export async function hammer(
  threads: number,
  work: Omit<HammerWork, 'workerId' | 'workers' | 'gate'>,
): Promise<number[][]> {
  const gate = new SharedArrayBuffer(8);
  const workers = threads + 1;
  return Promise.all(
    Array.from({ length: threads }, async (_, index) => {
      const thread = new Worker(new URL('./hammer-thread.ts', import.meta.url), {
        workerData: { ...work, workerId: index + 1, workers, gate } satisfies HammerWork,
        execArgv: [
          '--conditions=development',
          '--experimental-transform-types',
          '--disable-warning=ExperimentalWarning',
        ],
      });
      const [passed] = (await once(thread, 'message')) as [number[]];
      await thread.terminate();
      return passed;
    }),
  );
}
