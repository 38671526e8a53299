import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, writeFileSync } from 'node:fs';
import { spawnGuarded } from './guarded-child.ts';
import { openLog, tailOfLog } from './log-file.ts';
import { holdsWithin } from './wait.ts';

/** A server that runs as a child of this process and dies with it. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process is gone, whoever ended it, with how: `exit code 1` or `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** Ends the server cleanly; after 15 s by force. Safe to call twice. */
  stop(): Promise<void>;
  /** Ends the server like a crash would (kill -9) and returns when it is gone. */
  kill(): Promise<void>;
}

/** A server did not come up; the message ends with the last lines that it logged. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  /** How the server ended, as {@link ServerProcess.exited} says it; undefined when it was ended by force. */
  readonly exit: string | undefined;

  constructor(message: string, { exit, ...options }: ErrorOptions & { exit?: string } = {}) {
    super(message, options);
    this.exit = exit;
  }
}

/** How to run a server and how to see that it is ready. */
export interface ServerCommand {
  /** Shown in messages: "PostgreSQL". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly account?: { readonly uid: number; readonly gid: number };
  readonly logFile: string;
  readonly pidFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** Asked again and again until true; may throw while the server is not there yet. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
  /** Opens a Node IPC channel and takes what the process sends over it. */
  readonly onMessage?: (message: unknown) => void;
}

const CLEAN_STOP_MS = 15_000;

/** Starts a server and returns when it answers; throws {@link ServerStartError} when it exits or stays silent. */
export async function launchServer(server: ServerCommand): Promise<ServerProcess> {
  const log = openLog(server.logFile);
  const logStart = fstatSync(log).size;
  const child = spawnGuarded({ ...server, log, ipc: server.onMessage !== undefined });
  closeSync(log);
  if (server.onMessage) child.on('message', server.onMessage);
  const running = await controlOf(child, server);
  let exit: string | undefined;
  void running.exited.then((how) => (exit = how));

  const isReady = () => exit !== undefined || server.isReady().catch(() => false);
  const isSettled = await holdsWithin(isReady, { withinMs: server.readyWithinMs });
  if (isSettled && exit === undefined) return running;

  const ended = isSettled && exit !== undefined ? { exit } : undefined;
  await running.kill();
  const reason = ended ? 'ended while starting' : `did not answer within ${server.readyWithinMs / 1000} s`;
  throw new ServerStartError(`${server.name} ${reason}.\n${tailOfLog(server.logFile, logStart)}`.trimEnd(), ended);
}

async function controlOf(child: ChildProcess, { name, pidFile, stopSignal }: ServerCommand): Promise<ServerProcess> {
  const exited = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`)),
  );
  if (child.pid === undefined) {
    const [cause] = (await once(child, 'error')) as [Error];
    throw new ServerStartError(`${name} could not be started: ${cause.message}`, { cause });
  }
  writeFileSync(pidFile, `${child.pid}\n`);

  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const stop = async () => {
    child.kill(stopSignal);
    const force = setTimeout(() => child.kill('SIGKILL'), CLEAN_STOP_MS);
    await exited;
    clearTimeout(force);
  };
  return { pid: child.pid, exited, stop, kill };
}
