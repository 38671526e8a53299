import type { EngineMetrics, NoiseReason, ObservedCall, Outcome } from '@tollgate/engine';
import { CallTallies, type CountedCalls } from '../status/call-tallies.ts';
import type { WorkerReport } from './messages.ts';

/** Failures told one by one between two reports; more of them are only counted. */
const mostTold = 100;
/** Callers on routes whose calls are handed over at a time: takes about a millisecond, most of it where they are added up. */
const mostHandedOver = 100;
/** More than so many do not wait for somebody to ask. */
const mostWaiting = 65_536;

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

  /** Callers on routes with calls that were not handed over. */
  get waitingCallers(): number {
    return this.#tallies.waiting;
  }

  /** A part of the calls: all of them may be tens of thousands of rows, and handing those over at once would hold calls up. */
  takeCalls(): CountedCalls {
    return this.#tallies.take(Math.max(mostHandedOver, this.#tallies.waiting - mostWaiting));
  }

  /** Everything else since the last time. */
  take(): Pick<WorkerReport, 'noise' | 'failures'> {
    const taken = { noise: [...this.#noise], failures: this.#failures };
    this.#noise = new Map();
    this.#failures = 0;
    return taken;
  }
}
