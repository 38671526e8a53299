import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { poll } from '../support/poll.ts';
import { type Installation, readAddresses } from './find-installation.ts';

const thisCheckout = join(import.meta.dirname, '../../..');
const startMs = 120_000;

/** Everything free, so that several installations can run beside each other. */
const freePorts = {
  CONSOLE_PORT: '0',
  PORTAL_PORT: '0',
  LINK_PORT: '0',
  GATEWAY_HTTP_PORT: '0',
  GATEWAY_HTTPS_PORT: '0',
  GATEWAY_STATUS_PORT: '0',
};

/** What and how to start. */
export interface InstallationOptions {
  dataDir: string;
  env?: Record<string, string>;
  /** Checkout to start; default this one. */
  root?: string;
  /** Type `npm start` instead of starting what is built. */
  viaNpm?: boolean;
}

/** Starts the whole platform as `npm start` does, with its own data folder and free ports; resolves when all of it is ready. */
export async function startInstallation(
  options: InstallationOptions,
): Promise<Installation & { dataDir: string; pid: number }> {
  await mkdir(options.dataDir, { recursive: true });
  const logFile = join(dirname(options.dataDir), 'start.log');
  const log = createWriteStream(logFile, { flags: 'a' });
  await once(log, 'open');
  const { root = thisCheckout, viaNpm = false } = options;
  const [program, ...args] = viaNpm
    ? ['npm', 'start']
    : [process.execPath, '--conditions=development', join(root, 'apps/launcher/src/main.ts'), 'start'];
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...freePorts, TOLLGATE_DATA_DIR: options.dataDir, ...options.env },
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await exited;
      clearTimeout(timer);
    }
    log.end();
  };
  try {
    const addresses = await poll(
      'the installation is ready',
      async () => {
        const ended = child.signalCode ?? child.exitCode;
        if (ended !== null) throw new Error(`npm start ended with ${ended}:\n${await readFile(logFile, 'utf8')}`);
        return (await readAddresses(options.dataDir)) ?? undefined;
      },
      { withinMs: startMs, everyMs: 100 },
    );
    return { addresses, stop, dataDir: options.dataDir, pid: child.pid ?? -1 };
  } catch (error) {
    await stop();
    throw error;
  }
}
