import { SharedMemory } from './shared-memory.ts';
import { WindowTable, windowTableBytes } from './window-table.ts';
import type { WorkerPlace } from './worker-place.ts';

/** What a gateway group counts over all workers of the data plane, apart from quotas. */
export class GroupCounters {
  readonly memory: SharedMemory;
  readonly #windows = new Map<string, WindowTable>();

  constructor(readonly place: WorkerPlace) {
    this.memory = new SharedMemory(place.isPrimary);
  }

  /** The windows of one policy, for all its instances: memory is bounded per policy and group, not per limit. */
  windows(policyName: string): WindowTable {
    let table = this.#windows.get(policyName);
    if (table === undefined) {
      const piece = this.memory.take(`windows ${policyName}`, windowTableBytes);
      table = new WindowTable(piece, this.place.workerId);
      this.#windows.set(policyName, table);
    }
    return table;
  }

  /** A worker has ended: whatever it held is free. */
  workerGone(workerId: number): void {
    for (const table of this.#windows.values()) table.workerGone(workerId);
  }
}
