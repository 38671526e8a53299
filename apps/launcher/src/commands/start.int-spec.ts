import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { runFile, tryAgainExitCode } from '@tollgate/contracts/runtime';
import type { RunFile } from '@tollgate/contracts/runtime';
import { isAlive } from '@tollgate/embedded';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderAt, forgetData } from '../data-folder/data-folder.ts';

/** Stands in for a compiled app: answers /readyz, announces itself, ends on SIGTERM. */
const FAKE_APP = `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.writeHead(request.url === '/readyz' ? 200 : 404).end());
server.listen(Number(process.env.CONSOLE_PORT), '127.0.0.1', () => {
  const status = 'http://127.0.0.1:' + server.address().port;
  process.send({ type: 'ready', urls: { console: status, status } });
});
process.once('SIGTERM', () => process.exit(0));`;

/** Fails unless it was given a database, a key and a folder, as the real migration would. */
const FAKE_MIGRATION = `
for (const name of ['DATABASE_URL', 'REDIS_URL', 'TOLLGATE_MASTER_KEY', 'TOLLGATE_DATA_DIR']) {
  if (!process.env[name]) throw new Error(name + ' is missing');
}`;

/** Stands in for the demo's back end, which is told where its folder is and nothing else. */
const FAKE_BOOKSHOP = `
for (const name of ['DATABASE_URL', 'REDIS_URL', 'TOLLGATE_MASTER_KEY']) {
  if (process.env[name]) throw new Error(name + ' is nothing that an upstream may know');
}
if (!process.env.TOLLGATE_DATA_DIR) throw new Error('TOLLGATE_DATA_DIR is missing');
${FAKE_APP.replace('Number(process.env.CONSOLE_PORT)', '0').replace('console: status, status', 'bookshop: status')}`;

interface Launcher {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
}

let root: string;
let repository: string;
let dataDir: string;
let launchers: Launcher[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tollgate-launcher-'));
  chmodSync(root, 0o711);
  repository = join(root, 'repository');
  dataDir = join(root, 'data');
  launchers = [];
  write('tools/src/build.ts', '');
  write('apps/standalone/dist/migrate.js', FAKE_MIGRATION);
  write('apps/standalone/dist/main.js', FAKE_APP);
  write('apps/standalone/dist/bookshop.js', FAKE_BOOKSHOP);
  write(
    'apps/gateway/dist/main.js',
    FAKE_APP.replaceAll('CONSOLE_PORT', 'GATEWAY_STATUS_PORT').replace('console: status, ', ''),
  );
  write('package.json', '{ "type": "module" }');
});

afterEach(async () => {
  await Promise.all(launchers.map((launcher) => end(launcher, 'SIGTERM')));
  forgetData(dataFolderAt(dataDir));
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
}

function launch(env: Record<string, string> = {}): Launcher {
  const program = `
    const { start } = await import(${JSON.stringify(new URL('start.ts', import.meta.url).href)});
    await start(${JSON.stringify(repository)}).then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;
  const child = spawn(process.execPath, ['--conditions=development', '--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], TOLLGATE_DATA_DIR: dataDir, CONSOLE_PORT: '0', GATEWAY_STATUS_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const launcher = { process: child, output: () => output };
  launchers.push(launcher);
  return launcher;
}

async function launchUntilRunning(env: Record<string, string> = {}): Promise<Launcher> {
  const launcher = launch(env);
  await eventually(() => expect(launcher.output()).toContain('Tollgate is running.'), { withinMs: 25_000 });
  return launcher;
}

async function end({ process: child }: Launcher, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

function readRunFile(): RunFile {
  return runFile.parse(JSON.parse(readFileSync(dataFolderAt(dataDir).runFile, 'utf8')));
}

function runningPids(): number[] {
  return Object.values(readRunFile().processes).map(({ pid }) => pid);
}

describe('start', () => {
  it('starts stores, control plane and gateway, and Ctrl-C stops them all', async () => {
    const launcher = await launchUntilRunning();
    const { processes } = readRunFile();
    expect(Object.keys(processes).sort()).toEqual(['bookshop', 'gateway', 'postgres', 'redis', 'standalone']);
    const pids = runningPids();
    expect(pids.every(isAlive)).toBe(true);

    await end(launcher, 'SIGINT');
    expect(launcher.process.exitCode).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(() => readRunFile()).toThrow(/ENOENT/);
  });

  it('refuses a second start on the same data folder and says why', async () => {
    const first = await launchUntilRunning();
    const second = launch();
    await once(second.process, 'exit');
    expect(second.process.exitCode).toBe(1);
    expect(second.output()).toContain(`running already with the data in ${dataDir} (process ${first.process.pid})`);
    expect(runningPids().every(isAlive)).toBe(true);
  });

  it('starts a process again that says that this helps, and gives up on any other that ends', async () => {
    const mark = join(root, 'was-here');
    const endsFirst = (exitCode: number): string => `
      import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync(${JSON.stringify(mark)})) {
        writeFileSync(${JSON.stringify(mark)}, '');
        process.exit(${exitCode});
      }
      ${FAKE_APP}`;
    write('apps/standalone/dist/main.js', endsFirst(tryAgainExitCode));
    await end(await launchUntilRunning(), 'SIGINT');

    rmSync(mark);
    write('apps/standalone/dist/main.js', endsFirst(1));
    const failing = launch();
    await once(failing.process, 'exit');
    expect(failing.output()).toContain('standalone ended while starting');
  });

  it('leaves nothing behind when it gets kill -9, and starts again at once', async () => {
    const first = await launchUntilRunning();
    const pids = runningPids();
    await end(first, 'SIGKILL');
    await launchUntilRunning();
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]), { withinMs: 12_000 });
    expect(runningPids().every(isAlive)).toBe(true);
  });

  it.each(['standalone', 'redis'])(
    'starts %s again after a crash at the same address and publishes its new process',
    async (name) => {
      const launcher = await launchUntilRunning();
      const crashed = readRunFile().processes[name];
      process.kill(crashed?.pid ?? 0, 'SIGKILL');
      await eventually(() => expect(launcher.output()).toContain(`${name} runs again`), { withinMs: 20_000 });
      const restarted = readRunFile().processes[name];
      expect(restarted?.pid).not.toBe(crashed?.pid);
      expect(restarted?.urls).toEqual(crashed?.urls);
      expect(isAlive(restarted?.pid ?? 0)).toBe(true);
    },
  );

  it('runs the back end of the demo apart from the control plane, and none without a demo', async () => {
    const launcher = await launchUntilRunning();
    const { standalone, bookshop } = readRunFile().processes;
    process.kill(standalone?.pid ?? 0, 'SIGKILL');
    await eventually(() => expect(launcher.output()).toContain('standalone runs again'), { withinMs: 20_000 });
    expect(readRunFile().processes['bookshop']).toEqual(bookshop);
    expect(isAlive(bookshop?.pid ?? 0)).toBe(true);
    await end(launcher, 'SIGTERM');

    await launchUntilRunning({ TOLLGATE_DEMO: 'false' });
    expect(Object.keys(readRunFile().processes)).not.toContain('bookshop');
  });

  it('stops what it had started and shows the log when a part fails', async () => {
    write('apps/gateway/dist/main.js', 'throw new Error("the port is taken");');
    const launcher = launch();
    await once(launcher.process, 'exit');
    expect(launcher.process.exitCode).toBe(1);
    expect(launcher.output()).toMatch(/✗ .*Starting the gateway/);
    expect(launcher.output()).toContain('the port is taken');
  });
});
