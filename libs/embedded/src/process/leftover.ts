import { readFileSync, rmSync } from 'node:fs';
import { commandLineOf, isAlive } from './process-table.ts';
import { holdsWithin } from './wait.ts';

/** How to recognise and end a server that a killed run may have left behind. */
export interface Leftover {
  /** File whose first line is the process id; it may be absent or stale. */
  readonly pidFile: string;
  /** Text that only this server's command line holds: the path of its data. */
  readonly marker: string;
  /** Signal that asks the server to end cleanly. */
  readonly signal: NodeJS.Signals;
}

const CLEAN_STOP_MS = 10_000;

/**
 * Ends the server that a previous run left on the same data, if it still runs, and removes its pid file. A stranger
 * that was given the same process id since then is left alone.
 */
export async function stopLeftover({ pidFile, marker, signal }: Leftover): Promise<void> {
  const pid = readPid(pidFile);
  if (pid !== undefined && commandLineOf(pid).includes(marker)) {
    await endProcess(pid, signal);
  }
  rmSync(pidFile, { force: true });
}

async function endProcess(pid: number, signal: NodeJS.Signals): Promise<void> {
  const isGone = () => !isAlive(pid);
  signalIfAlive(pid, signal);
  if (await holdsWithin(isGone, { withinMs: CLEAN_STOP_MS })) return;
  signalIfAlive(pid, 'SIGKILL');
  await holdsWithin(isGone, { withinMs: CLEAN_STOP_MS });
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, signal);
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}
