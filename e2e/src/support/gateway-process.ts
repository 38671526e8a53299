import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

const entry = join(import.meta.dirname, '../../../apps/gateway/dist/main.js');

/** A data plane of one's own, as a process. */
export interface GatewayProcess {
  /** Address for plain HTTP calls. */
  httpUrl: string;
  /** Address for HTTPS calls. */
  httpsUrl: string;
  pid: number;
  /** False once the process has ended, whoever ended it. */
  isAlive: () => boolean;
  /** SIGTERM and wait; SIGKILL when it does not end. */
  stop: () => Promise<void>;
  kill: () => Promise<void>;
}

/** Starts a data plane that enrols with the given token and keeps its state and log in `folder`; resolves when it is ready to serve. */
export async function startGateway(options: {
  linkUrl: string;
  enrolToken: string;
  folder: string;
  env?: Record<string, string>;
}): Promise<GatewayProcess> {
  return launchGateway({
    args: [],
    folder: options.folder,
    env: { TOLLGATE_LINK_URL: options.linkUrl, TOLLGATE_ENROL_TOKEN: options.enrolToken, ...options.env },
  });
}

/** Starts the shipped gateway on free ports; resolves when it is ready to serve. */
export async function launchGateway(options: {
  args: readonly string[];
  folder: string;
  env: Record<string, string>;
}): Promise<GatewayProcess> {
  await mkdir(options.folder, { recursive: true });
  const log = createWriteStream(join(options.folder, 'gateway.log'), { flags: 'a' });
  await once(log, 'open');
  const child = spawn(process.execPath, [entry, ...options.args], {
    stdio: ['ignore', log, log, 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      TOLLGATE_STATE_DIR: options.folder,
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_HTTPS_PORT: '0',
      GATEWAY_STATUS_PORT: '0',
      ...options.env,
    },
  });
  const exited = once(child, 'exit').then(async () => {
    log.end();
    await finished(log);
  });
  const urls = await new Promise<{ http: string; https: string }>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the gateway was not ready within 30 s; see ${options.folder}/gateway.log`)),
      30_000,
    );
    child.on('message', (message) => {
      const { type, urls } = message as { type?: string; urls?: Record<string, string> };
      if (type !== 'ready' || urls?.http === undefined || urls.https === undefined) return;
      clearTimeout(timer);
      resolve({ http: urls.http, https: urls.https });
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the gateway ended with code ${code}; see ${options.folder}/gateway.log`));
    });
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(timer);
  };
  return {
    httpUrl: urls.http,
    httpsUrl: urls.https,
    pid: child.pid ?? -1,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
