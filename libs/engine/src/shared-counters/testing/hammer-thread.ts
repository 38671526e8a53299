import { parentPort, workerData } from 'node:worker_threads';
import { QuotaCells } from '../../quota/quota-cells.ts';
import { QuotaCounter } from '../../quota/quota-counter.ts';
import type { SharedPiece } from '../shared-memory.ts';
import { WindowTable, type WindowTerms } from '../window-table.ts';

/** What a thread is to do, once all of them are there. */
export interface HammerWork {
  readonly piece: SharedPiece;
  readonly workerId: number;
  readonly workers: number;
  readonly calls: number;
  /** Counts calls of these keys in turn; null: makes calls under a quota. */
  readonly windows: { readonly keys: readonly string[]; readonly terms: WindowTerms } | null;
  /** How many threads are there; the last one starts all. */
  readonly gate: SharedArrayBuffer;
}

function work({ piece, workerId, workers, calls, windows }: HammerWork): number[] {
  if (windows === null) {
    const counter = new QuotaCounter(null, new QuotaCells(piece, { workerId, workers }));
    let passed = 0;
    for (let call = 0; call < calls; call++) {
      if (!counter.tryBegin(0)) continue;
      // Every other call is not billed, and gives back what it took.
      counter.end(call % 2 === 0, 0);
      if (call % 2 === 0) passed++;
    }
    return [passed];
  }
  const table = new WindowTable(piece, workerId);
  const seed = table.seedFor('limit');
  const keys = windows.keys.map((key) => table.key(key, seed));
  const passed = keys.map(() => 0);
  for (let call = 0; call < calls; call++) {
    const index = call % keys.length;
    if (table.use(keys[index]!, windows.terms, 0)) passed[index]!++;
  }
  return passed;
}

const todo = workerData as HammerWork;
const gate = new Int32Array(todo.gate);
if (Atomics.add(gate, 0, 1) + 1 === todo.workers - 1) {
  Atomics.store(gate, 1, 1);
  Atomics.notify(gate, 1);
} else {
  Atomics.wait(gate, 1, 0);
}
parentPort?.postMessage(work(todo));
