import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Becomes the wanted command after leaving a watcher behind. The watcher blocks on descriptor 3, whose other end only
 * the parent holds: a line means "the command has ended, go", end-of-file without a line means that the parent died, even
 * by kill -9. Then the command gets its stop signal, and ten seconds later a SIGKILL. `$$` is the command's own id.
 */
const GUARD = `
(read -r _ <&3 || {
  kill -"$0" $$ 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -0 $$ 2>/dev/null || exit 0; done
  kill -KILL $$ 2>/dev/null
}) &
exec "$@" 3<&-`;

/** What to run, and as whom. */
export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user and group instead of the caller's (needs root). */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Descriptor that takes standard output and standard error. */
  readonly log: number;
  /** Signal that ends the command cleanly; sent when the parent dies. */
  readonly stopSignal: NodeJS.Signals;
  /** Opens a Node IPC channel beside the log. */
  readonly ipc?: boolean;
}

/**
 * Spawns a command that cannot outlive this process, and that a Ctrl-C in the terminal does not reach (it leads a
 * session of its own), so that the parent decides the order in which things stop.
 */
export function spawnGuarded(wanted: GuardedCommand): ChildProcess {
  const stdio: StdioOptions = ['ignore', wanted.log, wanted.log, 'pipe', ...(wanted.ipc ? (['ipc'] as const) : [])];
  const child = spawn('/bin/sh', ['-c', GUARD, wanted.stopSignal.replace('SIG', ''), wanted.command, ...wanted.args], {
    cwd: wanted.cwd,
    env: wanted.env ?? process.env,
    detached: true,
    stdio,
    ...wanted.account,
  });
  const lifeline = child.stdio[3] as Writable;
  lifeline.on('error', () => undefined);
  child.once('exit', () => lifeline.end('\n'));
  return child;
}
