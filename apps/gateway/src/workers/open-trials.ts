import { type TryOutcome, tryTimeoutMs } from '@tollgate/contracts/dataplane';
import type { TryOptions } from '@tollgate/engine';

/** A worker that can be asked to try a request. */
export interface TryingWorker {
  readonly id: number;
  tell(message: { readonly kind: 'try'; readonly tryId: string; readonly options: TryOptions }): void;
}

interface OpenTrial {
  readonly workerId: number;
  readonly settle: (outcome: TryOutcome) => void;
}

/** A worker gives up by itself before this is over. */
const graceMs = 1_000;
const mostTrials = 16;

/** The requests that workers are trying now. */
export class OpenTrials {
  readonly #open = new Map<string, OpenTrial>();
  #number = 0;

  /** @param withinMs after which nothing is expected of the worker any more. */
  constructor(private readonly withinMs = tryTimeoutMs + graceMs) {}

  /** Lets a worker try a request. Never rejects. */
  async run(worker: TryingWorker | undefined, options: TryOptions): Promise<TryOutcome> {
    if (worker === undefined) return failed('busy', 'no worker serves');
    if (this.#open.size >= mostTrials) return failed('busy', 'too many requests are being tried');
    const tryId = String(++this.#number);
    const { promise, resolve } = Promise.withResolvers<TryOutcome>();
    this.#open.set(tryId, { workerId: worker.id, settle: resolve });
    const late = setTimeout(() => this.settle(tryId, failed('broken', 'the worker did not answer')), this.withinMs);
    worker.tell({ kind: 'try', tryId, options });
    const outcome = await promise;
    clearTimeout(late);
    return outcome;
  }

  settle(tryId: string, outcome: TryOutcome): void {
    this.#open.get(tryId)?.settle(outcome);
    this.#open.delete(tryId);
  }

  /** Nothing comes from this worker any more. */
  workerEnded(workerId: number): void {
    for (const [tryId, open] of this.#open) {
      if (open.workerId === workerId) this.settle(tryId, failed('broken', 'the worker ended'));
    }
  }
}

function failed(reason: Extract<TryOutcome, { outcome: 'failed' }>['reason'], detail: string): TryOutcome {
  return { outcome: 'failed', reason, detail };
}
