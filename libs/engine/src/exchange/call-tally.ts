import { account, type Accounting } from '../execute/call-outcome.ts';
import type { CallState } from '../execute/call-state.ts';

/** What is noted about the call under way for its entry in the ledger. One serves an exchange, call by call. */
export class CallTally {
  isBillable = false;
  /** Content of an upstream's answer that left with its head. */
  bytesOut = 0;
  /** On the monotonic clock, milliseconds. When the call began; went to its upstream, if policies had made it wait; got its answer's head. */
  #startedAt = 0;
  #forwardedAt = 0;
  #answeredAt = 0;
  #node: string | null = null;

  begin(): void {
    this.#startedAt = performance.now();
    this.#forwardedAt = 0;
    this.#answeredAt = 0;
    this.#node = null;
    this.isBillable = false;
    this.bytesOut = 0;
  }

  /** Policies had made the call wait; that is over. */
  decidedLate(): void {
    this.#forwardedAt = performance.now();
  }

  answeredBy(node: string): void {
    this.#answeredAt = performance.now();
    this.#node = node;
  }

  /** Accounts for the call. @param status 0 = no head of an answer was written. */
  settle(
    services: Accounting,
    call: CallState,
    { status, bytesIn, bytesOut }: { status: number; bytesIn: number; bytesOut: number },
  ): void {
    const forwardedAt = this.#forwardedAt === 0 ? this.#startedAt : this.#forwardedAt;
    account(services, call, {
      status: status === 0 ? 499 : status,
      billable: this.isBillable,
      bytesIn,
      bytesOut: this.bytesOut + bytesOut,
      latencyUs: toMicroseconds(performance.now() - this.#startedAt),
      upstreamLatencyUs: this.#answeredAt === 0 ? 0 : toMicroseconds(this.#answeredAt - forwardedAt),
      node: this.#node,
    });
  }
}

function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}
