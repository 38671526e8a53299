import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunFile, runFile } from '@tollgate/contracts/runtime';
import { startInstallation } from '../installation/start-installation.ts';
import { prepareTenant } from '../journey/admin.ts';
import { JourneyLog } from '../journey/journey-log.ts';
import { newCast } from '../journey/world.ts';
import type { Bench } from './bench.ts';
import { pssMiB } from './process-memory.ts';
import { processTree } from './process-tree.ts';

const requestsPerSecond = 50;

/** Sends admin requests at a steady rate, whatever the answers take. Throws when one is not answered with 200. */
async function adminLoad(consoleUrl: string, token: string, seconds: number): Promise<number> {
  const paths = [
    '/api/v1/me',
    '/api/v1/projects',
    '/api/v1/gateway-groups',
    '/api/v1/data-planes',
    '/api/v1/policy-types',
    '/api/v1/policy-templates',
    '/api/v1/api-products',
    '/api/v1/subscriptions',
    '/api/v1/prices',
    '/api/v1/members',
  ];
  const pending: Promise<number>[] = [];
  const started = performance.now();
  for (let sent = 0; sent < seconds * requestsPerSecond; sent += 1) {
    const due = started + (sent * 1000) / requestsPerSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait));
    const target = new URL(paths[sent % paths.length] ?? '/', consoleUrl);
    pending.push(
      fetch(target, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(10_000) }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
      ),
    );
  }
  const statuses = await Promise.all(pending);
  const wrong = statuses.find((status) => status !== 200);
  if (wrong !== undefined) throw new Error(`an admin request was answered with ${wrong}`);
  return statuses.length;
}

async function memoryOf(run: RunFile, name: string): Promise<number> {
  const pid = run.processes[name]?.pid;
  return pid === undefined ? 0 : pssMiB(await processTree(pid));
}

/** Memory of all control-plane processes, idle and at 50 admin requests a second; the servers and the gateway beside it. */
export const footprint: Bench = async ({ folder, smoke, say }) => {
  const dataDir = join(folder, 'data');
  const installation = await startInstallation({ dataDir, env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  try {
    const run = runFile.parse(JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')));
    const world = { installation: installation.addresses, cast: newCast(), log: new JourneyLog(), folder };
    const { token } = await prepareTenant(world);
    await new Promise<void>((resolve) => setTimeout(resolve, smoke ? 500 : 15_000));
    const idle = await memoryOf(run, 'standalone');
    say(`idle: ${idle.toFixed(0)} MiB`);
    const load = adminLoad(installation.addresses.consoleUrl, token, smoke ? 2 : 60);
    let loaded = 0;
    let isLoading = true;
    const watching = (async () => {
      while (isLoading) {
        loaded = Math.max(loaded, await memoryOf(run, 'standalone'));
        await new Promise<void>((resolve) => setTimeout(resolve, 500));
      }
    })();
    const requests = await load;
    isLoading = false;
    await watching;
    return {
      controlPlaneIdlePssMiB: idle,
      controlPlaneLoadedPssMiB: loaded,
      requests,
      postgresPssMiB: await memoryOf(run, 'postgres'),
      redisPssMiB: await memoryOf(run, 'redis'),
      gatewayPssMiB: await memoryOf(run, 'gateway'),
    };
  } finally {
    await installation.stop();
  }
};
