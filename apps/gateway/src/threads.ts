import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Sources are TypeScript with constructs that have to be transformed, and find each other by a condition. */
const sourceFlags = [
  '--conditions=development',
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
];

/** Starts a thread of this program: compiled, or from its sources in development. @param entry of the module, without its ending. */
export function startThread(entry: URL, options: WorkerOptions): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = new URL(`${entry.href}${isSource ? '.ts' : '.js'}`);
  return new Worker(file, { ...options, ...(isSource ? { execArgv: sourceFlags } : {}) });
}
