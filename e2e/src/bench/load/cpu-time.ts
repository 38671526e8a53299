import { readFile } from 'node:fs/promises';
import { processTree } from '../process-tree.ts';

/** The kernel reports CPU time in this unit to every program, whatever it counts in itself (USER_HZ). */
const ticksPerSecond = 100;

/** What cannot be told apart from nothing. */
export const tickSeconds = 1 / ticksPerSecond;

/**
 * Seconds of CPU in a `/proc/<pid>/stat`: user and system time of all threads, those that have ended included, and of the
 * children that have ended and were waited for.
 */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const times = fields.slice(11, 15).map(Number);
  if (times.length !== 4 || times.some((time) => !Number.isFinite(time))) throw new Error(`not a stat line: ${stat}`);
  return times.reduce((sum, time) => sum + time, 0) / ticksPerSecond;
}

/** Seconds of CPU that a process and all below it have used so far. Throws when the process is gone. */
export async function cpuSecondsOfTree(pid: number): Promise<number> {
  const pids = await processTree(pid);
  const stats = await Promise.all(
    pids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch((error: unknown) => goneChild(id === pid, error))),
  );
  return stats.reduce((sum, stat) => sum + (stat === '' ? 0 : parseCpuSeconds(stat)), 0);
}

function goneChild(isRoot: boolean, error: unknown): string {
  if (isRoot) throw new Error('the process has ended', { cause: error });
  return '';
}

/** What a core did since the machine started, in seconds. */
export interface CoreTime {
  readonly idle: number;
  readonly total: number;
}

/** Reads one core's line of `/proc/stat`; waiting for a disk counts as idle. */
export function parseCoreTime(stat: string, core: number): CoreTime {
  const line = stat.split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`there is no core ${core}`);
  const times = line
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) / ticksPerSecond);
  return { idle: (times[3] ?? 0) + (times[4] ?? 0), total: times.reduce((sum, time) => sum + time, 0) };
}

/** Share of the time between two readings that a core was busy, 0 to 1. */
export function busyShare(before: CoreTime, after: CoreTime): number {
  const total = after.total - before.total;
  return total <= 0 ? 0 : 1 - (after.idle - before.idle) / total;
}

/** {@link parseCoreTime} of now. */
export async function coreTimes(...cores: readonly number[]): Promise<CoreTime[]> {
  const stat = await readFile('/proc/stat', 'utf8');
  return cores.map((core) => parseCoreTime(stat, core));
}
