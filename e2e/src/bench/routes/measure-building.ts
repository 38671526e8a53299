import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { pinned, targetCore } from '../load/cores.ts';
import { percentile } from '../load/statistics.ts';

const run = promisify(execFile);
const program = join(import.meta.dirname, 'build.ts');
const times = z.object({ buildSeconds: z.number(), insertMs: z.array(z.number()).min(1) });

/** Times of one fresh process. */
export interface BuildTimes {
  readonly buildSeconds: number;
  readonly insertMs: number;
  readonly insertP99Ms: number;
}

/** Builds that many routes in a process of its own, then inserts a thousand more, one by one. */
export async function measureBuilding(routes: number): Promise<BuildTimes> {
  const { command, args } = pinned(targetCore, process.execPath, [program, String(routes)]);
  const { stdout } = await run(command, args);
  const { buildSeconds, insertMs } = times.parse(JSON.parse(stdout));
  const sorted = insertMs.toSorted((a, b) => a - b);
  return { buildSeconds, insertMs: percentile(sorted, 0.5), insertP99Ms: percentile(sorted, 0.99) };
}
