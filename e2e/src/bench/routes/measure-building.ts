import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { pinned, targetCore } from '../load/cores.ts';
import { percentile } from '../load/statistics.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'build.ts');
const times = z.object({
  buildSeconds: z.number(),
  bytesPerRoute: z.number(),
  insertMs: z.array(z.number()).min(1),
  upstreamChangeMs: z.number(),
});

/** Times of one fresh process. */
export interface BuildTimes {
  readonly buildSeconds: number;
  readonly insertMs: number;
  readonly insertP99Ms: number;
  /** In use in the one isolate that serves them, written form included. */
  readonly bytesPerRoute: number;
  /** Of a change of the upstream of all routes. */
  readonly upstreamChangeMs: number;
}

/** Builds that many routes in a process of its own, then inserts a thousand more, one by one, and changes their upstream. */
export async function measureBuilding(routes: number): Promise<BuildTimes> {
  const { command, args } = pinned(targetCore, process.execPath, ['--expose-gc', program, String(routes)]);
  const { stdout } = await run(command, args);
  const { insertMs, ...rest } = times.parse(JSON.parse(stdout));
  const sorted = insertMs.toSorted((a, b) => a - b);
  return { ...rest, insertMs: percentile(sorted, 0.5), insertP99Ms: percentile(sorted, 0.99) };
}
