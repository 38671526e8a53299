import { account, type Accounting } from '../execute/call-outcome.ts';
import type { CallState } from '../execute/call-state.ts';
import type { Outcome } from '../policy/call.ts';

/** What is noted about the call under way for its entry in the ledger, and then what became of it. One serves an exchange, call by call. */
export class CallTally implements Outcome {
  status = 0;
  billable = false;
  bytesIn = 0;
  /** While the call is under way: content of an upstream's answer that left with its head. */
  bytesOut = 0;
  latencyUs = 0;
  upstreamLatencyUs = 0;
  node: string | null = null;
  /** On the monotonic clock, milliseconds. When the call began; went to its upstream, if policies had made it wait; got its answer's head. */
  #startedAt = 0;
  #forwardedAt = 0;
  #answeredAt = 0;

  begin(): void {
    this.#startedAt = performance.now();
    this.#forwardedAt = 0;
    this.#answeredAt = 0;
    this.node = null;
    this.billable = false;
    this.bytesOut = 0;
  }

  /** Policies had made the call wait; that is over. */
  decidedLate(): void {
    this.#forwardedAt = performance.now();
  }

  answeredBy(node: string): void {
    this.#answeredAt = performance.now();
    this.node = node;
  }

  /** Accounts for the call. @param status 0 = no head of an answer was written. */
  settle(services: Accounting, call: CallState, status: number): void {
    const forwardedAt = this.#forwardedAt === 0 ? this.#startedAt : this.#forwardedAt;
    this.status = status === 0 ? 499 : status;
    this.latencyUs = toMicroseconds(performance.now() - this.#startedAt);
    this.upstreamLatencyUs = this.#answeredAt === 0 ? 0 : toMicroseconds(this.#answeredAt - forwardedAt);
    account(services, call, this);
  }
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
