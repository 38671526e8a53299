import { execFile } from 'node:child_process';
import { cp, glob, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startInstallation } from '../installation/start-installation.ts';
import type { Bench } from './bench.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');

/** A copy of the tracked files and of every `node_modules`, as `npm ci` leaves them: nothing is built in it. */
async function freshCheckout(folder: string): Promise<string> {
  const copy = join(folder, 'checkout');
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  for (const file of stdout.split('\0').filter(Boolean)) {
    const target = join(copy, file);
    await mkdir(join(target, '..'), { recursive: true });
    await cp(join(root, file), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  for await (const modules of glob('{.,apps/*,libs/*,e2e,tools}/node_modules', { cwd: root })) {
    await run('cp', ['-a', '--reflink=auto', join(root, modules), join(copy, modules)]);
  }
  return copy;
}

async function timeStart(options: { dataDir: string; root: string }): Promise<number> {
  const started = performance.now();
  const installation = await startInstallation({ ...options, viaNpm: true });
  const seconds = (performance.now() - started) / 1000;
  await installation.stop();
  return seconds;
}

/** From `npm start` to the printed addresses: the first time after `npm ci`, and again. */
export const start: Bench = async ({ folder, smoke, say }) => {
  const dataDir = join(folder, 'data');
  if (smoke) {
    const firstStartSeconds = await timeStart({ dataDir, root });
    return { secondStartSeconds: await timeStart({ dataDir, root }), firstStartSeconds };
  }
  say('copying the checkout as npm ci leaves it …');
  const copy = await freshCheckout(folder);
  const firstStartSeconds = await timeStart({ dataDir, root: copy });
  say(`first start: ${firstStartSeconds.toFixed(1)} s`);
  const later: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    later.push(await timeStart({ dataDir, root: copy }));
    say(`start ${round + 1}: ${later.at(-1)?.toFixed(1)} s`);
  }
  return { secondStartSeconds: Math.max(...later), firstStartSeconds };
};
