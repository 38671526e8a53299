import { availableParallelism } from 'node:os';

/** One worker of the target runs here, and nothing else of the bench. */
export const targetCore = 0;
/** Generator and upstream run here. */
export const loadCore = 1;

/** Throws when this machine cannot keep target and load apart. */
export function requireTwoCores(): void {
  if (availableParallelism() < 2) throw new Error('a bench needs two cores: one for the target, one for the load');
}

/** The command that runs another one on one core only. */
export function pinned(core: number, command: string, args: readonly string[]): { command: string; args: string[] } {
  return { command: 'taskset', args: ['-c', String(core), command, ...args] };
}

/** The same for a load that must be over after some seconds; it ends by itself then, also when this process is gone. */
export function pinnedLoad(command: string, args: readonly string[], withinSeconds: number) {
  return pinned(loadCore, 'timeout', [`${withinSeconds}s`, command, ...args]);
}
