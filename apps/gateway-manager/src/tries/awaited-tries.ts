import { Inject, Injectable } from '@nestjs/common';
import type { TryOutcome } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import { FleetSignals } from '../fleet/fleet-signals.ts';

interface Awaited {
  /** Nobody else's word counts. */
  readonly dataPlaneId: string;
  readonly settle: (outcome: TryOutcome | null) => void;
}

const mostAwaited = 256;

/** The tries that this instance of the service waits for; their results come by way of all instances. */
@Injectable()
export class AwaitedTries {
  readonly #awaited = new Map<string, Awaited>();

  constructor(@Inject(FleetSignals) signals: FleetSignals) {
    signals.onSignal((signal) => {
      if (signal.kind !== 'tried') return;
      const { commandId, result } = signal.report;
      const awaited = this.#awaited.get(commandId);
      if (awaited?.dataPlaneId === signal.dataPlaneId) awaited.settle(result);
    });
  }

  /**
   * Resolves to what the data plane tells of a command, or to null when that does not come in time.
   * @param send gives the command; what comes while it does is not missed.
   * @throws ApiError `request.rate_limited` while too many are awaited.
   */
  async wait(
    commandId: string,
    { dataPlaneId, withinMs }: { readonly dataPlaneId: string; readonly withinMs: number },
    send: () => Promise<void>,
  ): Promise<TryOutcome | null> {
    if (this.#awaited.size >= mostAwaited) {
      const detail = 'Too many requests are being tried.';
      throw new ApiError(commonErrors.rateLimited, { detail, headers: { 'retry-after': '1' } });
    }
    const { promise, resolve } = Promise.withResolvers<TryOutcome | null>();
    this.#awaited.set(commandId, { dataPlaneId, settle: resolve });
    const late = setTimeout(() => resolve(null), withinMs);
    try {
      await send();
      return await promise;
    } finally {
      clearTimeout(late);
      this.#awaited.delete(commandId);
    }
  }
}
