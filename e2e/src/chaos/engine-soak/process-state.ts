import { readdir, readFile, readlink } from 'node:fs/promises';
import { processTree } from '../../bench/process-tree.ts';

/** Sockets that a process and all below it hold open. */
export async function openSockets(pid: number): Promise<number> {
  let count = 0;
  for (const id of await processTree(pid)) {
    const fds = await readdir(`/proc/${id}/fd`).catch(() => []);
    const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${id}/fd/${fd}`).catch(() => '')));
    count += targets.filter((target) => target.startsWith('socket:')).length;
  }
  return count;
}

/** Milliseconds that the main thread of a process has been ready to run without getting a core, since it started. */
export async function waitedForCoreMs(pid: number | 'self'): Promise<number> {
  const [, waitedNs] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ');
  return Number(waitedNs) / 1e6;
}

/** Resident memory of a process and all below it, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const pids = await processTree(pid);
  const statuses = await Promise.all(pids.map((id) => readFile(`/proc/${id}/status`, 'utf8').catch(() => '')));
  return statuses.reduce((sum, status) => sum + Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024, 0);
}

/** How many files a process may open at most; the runtime raises what is allowed to what is possible. */
export async function mostOpenFiles(pid: number | 'self'): Promise<number> {
  const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
  const [, hard = ''] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits) ?? [];
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}
