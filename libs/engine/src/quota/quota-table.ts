import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { QuotaLease } from '@tollgate/contracts/gateway';
import { StagedMap } from '../compile/staged-map.ts';
import { QuotaCounter, type QuotaTerms } from './quota-counter.ts';

/** What quotas need to know of the data plane. */
export interface QuotaEnvironment {
  /** Milliseconds since the epoch, corrected by the clock offset: what calls are counted by. */
  readonly now: () => number;
  /** The stream of usage batches of this process; null while there is none. */
  readonly stream: () => UsageStream | null;
  /** When the control plane was last heard of, milliseconds since the epoch; null: never. */
  readonly heardAt: () => number | null;
}

/** Names the batches that this process sends. */
export interface UsageStream {
  readonly instanceId: string;
  readonly epoch: string;
}

/** The leases of a group, and what is open under each. */
export class QuotaTable {
  readonly leases = new StagedMap<string, QuotaLease>();
  readonly #counters = new Map<string, QuotaCounter>();

  constructor(readonly environment: QuotaEnvironment) {}

  find(consumerId: string): QuotaCounter | undefined {
    return this.#counters.get(consumerId);
  }

  commit(): void {
    for (const { key, after } of this.leases.commit()) {
      if (after === undefined) {
        this.#counters.delete(key);
        continue;
      }
      const terms = this.#termsOf(after);
      const counter = this.#counters.get(key);
      if (counter === undefined) this.#counters.set(key, new QuotaCounter(terms));
      else counter.update(terms);
    }
  }

  discard(): void {
    this.leases.discard();
  }

  /** A row went into the batch with this number. */
  seal(sequence: number, { consumer, billable, minute }: UsageRow): void {
    if (consumer === null || billable === 0) return;
    this.#counters.get(consumer)?.seal(sequence, minute * 1000, billable);
  }

  /** The batch with this number was refused; these of its billable calls are given up, by consumer. */
  unseal(sequence: number, givenUp: ReadonlyMap<string, number>): void {
    for (const [consumer, counter] of this.#counters) counter.unseal(sequence, givenUp.get(consumer) ?? 0);
  }

  #termsOf({ lease, nextLease, periodEnd, watermarks }: QuotaLease): QuotaTerms {
    const stream = this.environment.stream();
    const own = watermarks.find(({ instanceId, epoch }) => instanceId === stream?.instanceId && epoch === stream.epoch);
    return {
      lease,
      nextLease,
      periodEnd: periodEnd === undefined ? Infinity : Date.parse(periodEnd),
      watermark: own?.sequence ?? 0,
    };
  }
}
