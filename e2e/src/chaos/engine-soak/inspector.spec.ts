import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { Inspector } from './inspector.ts';
import { growthOf } from './thread-memory.ts';

const mebibyte = 1024 * 1024;

/** Two threads beside the first; a line tells one of them to keep or to drop 16 MiB of objects or of buffers. */
const program = `
  const { Worker } = require('node:worker_threads');
  const source = \`
    let kept = null;
    require('node:worker_threads').parentPort.on('message', (what) => {
      if (what === 'objects') kept = Array.from({ length: 2 ** 18 }, (_, index) => ({ index, more: [index] }));
      else if (what === 'buffers') kept = Array.from({ length: 256 }, () => Buffer.alloc(65536));
      else kept = null;
    });
  \`;
  const workers = ['worker-1', 'worker-2'].map((name) => new Worker(source, { eval: true, name }));
  process.on('message', ({ worker, what }) => workers[worker - 1].postMessage(what));
  const { once } = require('node:events');
  Promise.all(workers.map((worker) => once(worker, 'online'))).then(() => process.send('ready'));
`;

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(): Promise<{ child: ChildProcess; inspector: Inspector }> {
  const folder = await temporaryFolder('inspector');
  ends.push(folder.remove);
  const logFile = join(folder.path, 'log');
  const log = createWriteStream(logFile);
  await once(log, 'open');
  const child = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', log, log, 'ipc'],
    env: { NODE_OPTIONS: '--inspect-port=0' },
  });
  ends.push(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  const { pid = 0 } = child;
  const inspector = await Inspector.attach(pid, logFile);
  ends.push(() => inspector.close());
  return { child, inspector };
}

describe('the inspector', () => {
  it.each(['objects', 'buffers'])('sees what each thread keeps of %s, and that it is given back', async (what) => {
    const { child, inspector } = await start();
    const before = await inspector.memory();
    expect([...before.keys()].sort()).toEqual(['main', 'worker-1', 'worker-2']);
    child.send({ worker: 2, what });
    await eventually(
      async () => {
        const growth = growthOf('live', before, await inspector.memory());
        expect(growth.get('worker-2')).toBeGreaterThan(15 * mebibyte);
        expect(growth.get('worker-1')).toBeLessThan(mebibyte);
        expect(growth.get('main')).toBeLessThan(mebibyte);
      },
      { withinMs: 10_000 },
    );
    child.send({ worker: 2, what: 'nothing' });
    await eventually(
      async () => expect(growthOf('live', before, await inspector.memory()).get('worker-2')).toBeLessThan(mebibyte),
      { withinMs: 10_000 },
    );
  });

  it('says so when the process is gone', async () => {
    const { child, inspector } = await start();
    child.kill('SIGKILL');
    await once(child, 'exit');
    // A question that is under way when it ends is as good as one that comes later.
    await expect(inspector.memory()).rejects.toThrow('has ended');
    await expect(inspector.memory()).rejects.toThrow('has ended');
  });
});
