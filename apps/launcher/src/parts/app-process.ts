import { join } from 'node:path';
import { readyMessage, tryAgainExitCode } from '@tollgate/contracts/runtime';
import { launchServer, startPatiently, stopLeftover } from '@tollgate/embedded';
import type { PartDefinition } from '../supervisor/part.ts';

/** One of our own programs that runs until it is stopped. */
export interface AppProcess {
  readonly name: string;
  /** Compiled entry file, absolute. */
  readonly entry: string;
  /** Asked before every start, so that a restart sees what changed. */
  readonly environment: () => NodeJS.ProcessEnv;
  /** Folder for `<name>.log` and `<name>.pid`. */
  readonly logs: string;
  /** How long the program may take until it is ready. */
  readonly readyWithinMs: number;
}

const STOP_SIGNAL = 'SIGTERM';
const PROBE_MS = 2_000;

/**
 * A part that is ready once it announced its URLs and, when it has a `status` URL, answers 200 at `/readyz` there. It is started again
 * when it says that this helps: a free port that it had chosen was taken by another process before it listened.
 */
export function appPart(app: AppProcess): PartDefinition {
  const start = () => startApp(app);
  return {
    name: app.name,
    start: () => startPatiently(start, ({ exit }) => exit === `exit code ${tryAgainExitCode}`),
  };
}

async function startApp({ name, entry, environment, logs, readyWithinMs }: AppProcess) {
  const pidFile = join(logs, `${name}.pid`);
  let urls: Record<string, string> | undefined;
  await stopLeftover({ pidFile, marker: entry, signal: STOP_SIGNAL });
  const server = await launchServer({
    name,
    command: process.execPath,
    args: [entry],
    env: environment(),
    logFile: join(logs, `${name}.log`),
    pidFile,
    stopSignal: STOP_SIGNAL,
    onMessage: (message) => {
      const { success, data } = readyMessage.safeParse(message);
      if (success) urls = data.urls;
    },
    isReady: async () => urls !== undefined && (urls['status'] === undefined || answersReady(urls['status'])),
    readyWithinMs,
  });
  return { ...server, urls: urls ?? {} };
}

async function answersReady(status: string): Promise<boolean> {
  const response = await fetch(new URL('/readyz', status), { signal: AbortSignal.timeout(PROBE_MS) });
  await response.body?.cancel();
  return response.ok;
}
