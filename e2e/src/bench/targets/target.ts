import { join } from 'node:path';
import { launchServer } from '@tollgate/embedded';
import { request } from 'undici';
import { pinned, targetCore } from '../load/cores.ts';
import { type BenchRequest, benchHost } from '../load/requests.ts';

/** A running proxy with one worker on the core of the targets. */
export interface Target {
  readonly name: string;
  /** Of its first process; its workers are below. */
  readonly pid: number;
  /** Plain HTTP/1.1. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** How to start one. */
export interface TargetCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of its own: configuration, log. It is the working directory. */
  readonly folder: string;
  readonly port: number;
  /** It is ready when this is answered with 200. */
  readonly probe: BenchRequest;
}

const readyWithinMs = 120_000;

/** Starts a target on its core; resolves when it answers. It dies with this process. */
export async function startTarget(target: TargetCommand): Promise<Target> {
  const { name, folder, port, probe } = target;
  const { command, args } = pinned(targetCore, target.command, target.args);
  const server = await launchServer({
    name,
    command,
    args,
    cwd: folder,
    env: { PATH: process.env['PATH'], ...target.env },
    logFile: join(folder, 'target.log'),
    pidFile: join(folder, 'target.pid'),
    stopSignal: 'SIGTERM',
    isReady: () => answers(port, probe),
    readyWithinMs,
  });
  return { name, pid: server.pid, port, stop: () => server.stop() };
}

async function answers(port: number, { path, headers = {} }: BenchRequest): Promise<boolean> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
    headers: { host: benchHost, ...headers },
    reset: true,
  });
  await body.dump();
  return statusCode === 200;
}
