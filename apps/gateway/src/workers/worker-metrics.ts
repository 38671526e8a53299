import type { EngineMetrics, NoiseReason, ObservedCall, Outcome } from '@tollgate/engine';
import { CallTallies } from '../status/call-tallies.ts';
import type { WorkerReport } from './messages.ts';

/** Failures told one by one between two reports; more of them are only counted. */
const mostTold = 100;

/** Adds up what a worker's engine observes until it is reported. */
export class WorkerMetrics implements EngineMetrics {
  readonly #tallies = new CallTallies();
  #noise = new Map<NoiseReason, number>();
  #failures = 0;

  constructor(private readonly tellFailure: (stack: string, requestId: string) => void) {}

  observe(call: ObservedCall, outcome: Outcome, prefersName: boolean): void {
    this.#tallies.count(call, outcome, prefersName);
  }

  noise(reason: NoiseReason): void {
    this.#noise.set(reason, (this.#noise.get(reason) ?? 0) + 1);
  }

  failure(cause: unknown, requestId: string): void {
    if (++this.#failures > mostTold) return;
    this.tellFailure(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), requestId);
  }

  /**
   * Everything since the last time.
   * @param isFull false leaves out the tallies of calls, which may be tens of thousands: handing them over would hold calls up.
   */
  take(isFull: boolean): Pick<WorkerReport, 'tallies' | 'noise' | 'failures'> {
    const taken = { tallies: isFull ? this.#tallies.take() : [], noise: [...this.#noise], failures: this.#failures };
    this.#noise = new Map();
    this.#failures = 0;
    return taken;
  }
}
