/** Which of the threads that serve a data plane this one is. */
export interface WorkerPlace {
  /** 0 is the primary's; below `workers`. Belongs to one living thread at a time. */
  readonly workerId: number;
  /** How many ids there are. */
  readonly workers: number;
  /** Makes what the others adopt, and is told of batches and leases. An engine without workers is its own primary. */
  readonly isPrimary: boolean;
}

/** The place of an engine that serves on its own. */
export const alone: WorkerPlace = { workerId: 0, workers: 1, isPrimary: true };
