import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '@tollgate/testing';
import { removePostgresData } from '../postgres/postgres-folder.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { makeTemporaryFolder } from '../testing/temporary-folder.ts';
import { isAlive } from './process-table.ts';

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = makeTemporaryFolder();
  dataDir = join(folder, 'server');
});

afterEach(() => {
  removePostgresData(dataDir);
  rmSync(folder, { recursive: true });
});

/** Runs a process that starts a server and prints its id, then kills that process with -9; returns the server's id. */
async function startServerAndKillParent(starter: 'startPostgres' | 'startRedis' | 'startKafka'): Promise<number> {
  const library = new URL('../index.ts', import.meta.url).href;
  const program = `
    const { ${starter} } = await import(${JSON.stringify(library)});
    const server = await ${starter}({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(server.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  const server = Number(line);
  expect(isAlive(server)).toBe(true);

  parent.kill('SIGKILL');
  await once(parent, 'exit');
  return server;
}

describe('a guarded child', () => {
  it.each(['startPostgres', 'startRedis', 'startKafka'] as const)(
    '%s: is gone soon after its parent got kill -9',
    async (starter) => {
      const server = await startServerAndKillParent(starter);
      await eventually(() => expect(isAlive(server)).toBe(false), { withinMs: 10_000 });
    },
  );

  it('does not block a start that follows at once', async () => {
    await startServerAndKillParent('startPostgres');
    const next = await startPostgres({ dataDir });
    expect(isAlive(next.pid)).toBe(true);
    await next.stop();
  });
});
