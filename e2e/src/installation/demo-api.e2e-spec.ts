import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoFile, runFile, type RunFile } from '@tollgate/contracts/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../support/caller.ts';
import { poll } from '../support/poll.ts';
import { startInstallation } from './start-installation.ts';

/** The demo's plan lets 60 calls a minute through: a call every so often stays below. */
const callEveryMs = 1100;
const restartMs = 90_000;

let folder: string;
let dataDir: string;
let installation: Awaited<ReturnType<typeof startInstallation>>;
let caller: Caller;
let callDemo: () => Promise<number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-demo-api-'));
  dataDir = join(folder, 'data');
  installation = await startInstallation({ dataDir });
  const { curl } = demoFile.parse(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')));
  const [, key = '', host = '', path = ''] = /^curl -H 'apikey: (\S+)' http:\/\/([^:/]+):\d+(\/\S*)$/.exec(curl) ?? [];
  caller = new Caller((await running())['gateway']?.urls['http'] ?? '', host);
  callDemo = async () => (await caller.call(path, { key })).status;
});
afterAll(async () => {
  await caller.close();
  await installation.stop();
  await rm(folder, { recursive: true, force: true });
});

async function running(): Promise<RunFile['processes']> {
  return runFile.parse(JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8'))).processes;
}

describe('the demo API', () => {
  it('answers all the while when the control plane is killed and started again', async () => {
    await poll('the demo API answers', async () => ((await callDemo()) === 200 ? true : undefined), {
      withinMs: 20_000,
      everyMs: callEveryMs,
    });
    const before = await running();
    const killed = before['standalone']?.pid ?? 0;
    process.kill(killed, 'SIGKILL');
    const statuses: number[] = [];
    await poll(
      'the control plane runs again',
      async () => {
        statuses.push(await callDemo());
        return (await running())['standalone']?.pid === killed ? undefined : true;
      },
      { withinMs: restartMs, everyMs: callEveryMs },
    );
    expect(statuses.length).toBeGreaterThan(1);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await running())['bookshop']).toEqual(before['bookshop']);
  });
});
