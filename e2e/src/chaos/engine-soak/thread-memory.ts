/** What one thread holds after everything that is garbage was collected, bytes. */
export interface ThreadMemory {
  /** In use: objects, and buffers beside the heap. */
  readonly live: number;
  /** Taken from the system for the heap, in use or not. */
  readonly heapTaken: number;
}

/** What every thread of a process holds, by the thread's name; `main` is the first. */
export type MemoryByThread = ReadonlyMap<string, ThreadMemory>;

/** What all threads together have in use. */
export function liveOfAll(threads: MemoryByThread): number {
  return [...threads.values()].reduce((sum, { live }) => sum + live, 0);
}

/** By how much each thread has grown. One that was not there before has grown by all that it holds. */
export function growthOf(
  kind: keyof ThreadMemory,
  before: MemoryByThread | undefined,
  after: MemoryByThread | undefined,
): ReadonlyMap<string, number> {
  return new Map([...(after ?? [])].map(([name, memory]) => [name, memory[kind] - (before?.get(name)?.[kind] ?? 0)]));
}

/** That of the thread that has grown most. */
export function mostOf(growth: ReadonlyMap<string, number>): number {
  return Math.max(...growth.values());
}

/** How many threads serve calls. */
export function workersAmong(threads: MemoryByThread): number {
  return [...threads.keys()].filter((name) => name.startsWith('worker-')).length;
}
