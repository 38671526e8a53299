import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatEnrolmentToken } from '@tollgate/contracts/dataplane';
import { newId } from '@tollgate/contracts/ids';
import { readyMessage } from '@tollgate/contracts/runtime';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call, type SlowUpstream, startUpstream, traffic } from './workers/testing/workers-scene.ts';

/** Generous: other suites run beside this one. */
const withinMs = 20_000;
const anyPorts = { GATEWAY_HTTP_PORT: '0', GATEWAY_HTTPS_PORT: '0', GATEWAY_STATUS_PORT: '0' };
const execArgv = [
  '--conditions=development',
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
];
const program = fileURLToPath(new URL('./main.ts', import.meta.url));

let upstream: SlowUpstream;
let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-main-'));
  file = join(folder, 'gateway.yaml');
});
afterEach(async () => {
  for (const release of upstream.waiting.splice(0)) release();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

async function writeRoutes(...ids: string[]): Promise<void> {
  const routes = ids.map((id) => ({ id, ...upstream.route(id).value }));
  await writeFile(file, JSON.stringify({ groups: [{ id: 'local', settings: { hosts: ['api.test'] }, routes }] }));
}

/** Starts the program with the file; resolves when it serves. */
async function start(env: Record<string, string> = {}) {
  const child = fork(program, ['--config', file], {
    execArgv,
    env: { ...anyPorts, GATEWAY_WORKERS: '2', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const ready = await Promise.race([once(child, 'message'), ended.then(() => null)]);
  if (ready === null) throw new Error(errors);
  const { http = '', status = '' } = readyMessage.parse((ready as unknown[])[0]).urls;
  const page = async (path: string) => (await fetch(`${status}${path}`)).status;
  const workerIds = async () => {
    const { engine } = (await (await fetch(`${status}/status`)).json()) as { engine: { workers: { id: number }[] } };
    return engine.workers.map(({ id }) => id);
  };
  return { child, ended, port: Number(new URL(http).port), page, workerIds };
}

describe('the program', () => {
  it('finishes what is under way when it is told to end: not ready, accepting no more, then gone', async () => {
    await writeRoutes('slow', 'a');
    const { child, ended, port, page } = await start();
    const slow = call(port, '/slow');
    await eventually(() => expect(upstream.waiting).toHaveLength(1), { withinMs });
    child.kill('SIGTERM');
    await eventually(async () => expect(await page('/readyz')).toBe(503), { withinMs });
    await eventually(() => expect(call(port, '/a')).rejects.toThrow('ECONNREFUSED'), { withinMs });
    upstream.waiting.pop()?.();
    expect(await slow).toBe(200);
    expect(await ended).toBe(0);
  });

  it('cuts what takes longer than it may', async () => {
    await writeRoutes('slow');
    const { child, ended, port } = await start({ DRAIN_MS: '100' });
    const slow = call(port, '/slow').catch(() => 'cut');
    await eventually(() => expect(upstream.waiting).toHaveLength(1), { withinMs });
    child.kill('SIGTERM');
    expect(await slow).toBe('cut');
    expect(await ended).toBe(0);
  });

  it('ends at once when it is told a second time', async () => {
    await writeRoutes('slow');
    const { child, ended, port, page } = await start();
    const slow = call(port, '/slow').catch(() => 'cut');
    await eventually(() => expect(upstream.waiting).toHaveLength(1), { withinMs });
    child.kill('SIGTERM');
    await eventually(async () => expect(await page('/readyz')).toBe(503), { withinMs });
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(await slow).toBe('cut');
  });

  it('reads its file anew and replaces its workers on SIGHUP, without failing a call', async () => {
    await writeRoutes('a');
    const { child, port, page, workerIds } = await start();
    const before = await workerIds();
    const running = traffic(port, '/a', { keeping: 4, visiting: 1 });
    await eventually(() => expect(running.tally.made).toBeGreaterThan(50), { withinMs });
    await writeRoutes('a', 'b');
    child.kill('SIGHUP');
    await eventually(
      async () => {
        const after = await workerIds();
        expect(after).not.toContain(before[0]);
        expect(await call(port, '/b')).toBe(200);
      },
      { withinMs },
    );
    await running.stop();
    expect(running.tally).toMatchObject({ failed: 0, other: 0 });
    expect(running.tally.turnedAway).toBeLessThanOrEqual(2);
    expect(await page('/readyz')).toBe(200);
  });

  it('is not ended by SIGHUP, not even while it waits to be enrolled', async () => {
    const token = { tokenId: newId('ent'), secret: 'a'.repeat(43), caFingerprint: 'b'.repeat(64) };
    const child = fork(program, [], {
      execArgv,
      env: {
        ...anyPorts,
        TOLLGATE_LINK_URL: 'https://127.0.0.1:1',
        TOLLGATE_ENROL_TOKEN: formatEnrolmentToken(token),
        TOLLGATE_STATE_DIR: folder,
      },
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    });
    children.push(child);
    let tries = 0;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (tries += text.split('trying again').length - 1));
    await eventually(() => expect(tries).toBeGreaterThan(0), { withinMs });
    child.kill('SIGHUP');
    const before = tries;
    await eventually(() => expect(tries).toBeGreaterThan(before + 1), { withinMs });
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  });

  it('does not start on a port that another one serves', async () => {
    await writeRoutes('a');
    const { port } = await start();
    await expect(start({ GATEWAY_HTTP_PORT: String(port) })).rejects.toThrow('EADDRINUSE');
  });
});
