import { once } from 'node:events';
import { closeSync, fstatSync } from 'node:fs';
import { spawnGuarded } from './guarded-child.ts';
import { openLog, tailOfLog } from './log-file.ts';

/** A program that does one thing and ends. */
export interface Errand {
  /** Shown in messages: "The build". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** Runs a program to its end; throws with the end of its log when it fails. It dies with this process. */
export async function runToEnd(errand: Errand): Promise<void> {
  const log = openLog(errand.logFile);
  const logStart = fstatSync(log).size;
  const child = spawnGuarded({ ...errand, log, stopSignal: 'SIGTERM' });
  closeSync(log);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${errand.name} failed.\n${tailOfLog(errand.logFile, logStart)}`.trimEnd());
}
