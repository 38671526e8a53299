import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../support/poll.ts';
import { startInstallation } from './start-installation.ts';

const command = join(import.meta.dirname, '../../../libs/projections/dist/bin/rebuild.js');

let folder: string;
let installation: Awaited<ReturnType<typeof startInstallation>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-rebuild-'));
  installation = await startInstallation({ dataDir: join(folder, 'data') });
});
afterAll(async () => {
  await installation.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The operator's command, told nothing but the data folder. */
function rebuild(...args: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH ?? '', TOLLGATE_DATA_DIR: installation.dataDir };
    const child = execFile(process.execPath, [command, ...args], { env, timeout: 60_000 }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

it('the rebuild command finds that every projection of a running installation is as its owner has it', async () => {
  const { stdout } = await poll(
    'no event is under way, and every copy has been made',
    async () => {
      const outcome = await rebuild();
      if (outcome.exitCode === 2) throw new Error(outcome.stderr);
      return outcome.exitCode === 0 && !outcome.stdout.includes(' 0 checked') ? outcome : undefined;
    },
    { withinMs: 60_000, everyMs: 1000 },
  );
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.replace(/ +\d+ checked, 0 drifted$/, ''))).toEqual([
    'gateway-manager access-state',
    'gateway-manager environments',
    'gateway-manager quota-meters',
    'gateway-manager tenants',
    'developer-portal gateway-groups',
    'developer-portal portal-sites',
    'developer-portal prices',
    'developer-portal quotas',
    'iam environment-uses',
    'analytics billing-zones',
    'analytics labels',
    'analytics quotas',
    'analytics route-names',
    '1 tenants, 0 drifted',
  ]);
});

it('the rebuild command ends with 2 and its usage when it does not understand', async () => {
  expect(await rebuild('--service', 'console-bff')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining('--tenant <id>') as string,
  });
});
