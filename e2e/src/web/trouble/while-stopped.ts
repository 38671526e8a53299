import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile } from '@tollgate/contracts/runtime';

/** Stops the process of the control plane as it is while something happens, and lets it go on afterwards. */
export type WhileStopped = (work: () => Promise<void>) => Promise<void>;

/** Finds the control plane of the installation with this data folder. @throws Error when none runs. */
export async function controlPlaneStopper(dataDir: string): Promise<WhileStopped> {
  const run = runFile.parse(JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')));
  const { pid } = run.processes['standalone'] ?? {};
  if (pid === undefined) throw new Error('no control plane runs');
  return async (work) => {
    process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  };
}
