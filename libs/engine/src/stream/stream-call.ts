import type { Ledger } from '../account/ledger.ts';
import type { StreamMatch } from './stream-directory.ts';

/** What a stream that has ended, or was refused, counts as. */
export type StreamStatus = 200 | 400 | 403 | 502 | 503 | 504;

/** One connection or session as a call: it is counted once, when it ends. */
export class StreamCall {
  bytesIn = 0;
  bytesOut = 0;
  readonly #startedAt = performance.now();
  #connectedAt: number | null = null;
  #isCounted = false;

  constructor(
    private readonly services: { readonly ledger: Ledger; readonly now: () => number },
    private readonly match: StreamMatch,
  ) {}

  /** Milliseconds so far. */
  get ageMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** The upstream has been reached: the call is billable. */
  connected(): void {
    this.#connectedAt ??= performance.now();
  }

  /** Counts the call. Its latency is the time until the upstream was reached: how long a stream lasts says nothing about the service. */
  end(status: StreamStatus): void {
    if (this.#isCounted) return;
    this.#isCounted = true;
    const { ledger, now } = this.services;
    const { program, route } = this.match;
    ledger.record({
      endedAt: now(),
      groupId: program.groupId,
      tenantId: program.settings.tenantId,
      routeId: route.id,
      consumer: null,
      status,
      billable: this.#connectedAt !== null,
      latencyUs: Math.round(((this.#connectedAt ?? performance.now()) - this.#startedAt) * 1000),
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
    });
  }
}
