import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { QuotaLease } from '@tollgate/contracts/gateway';
import { StagedMap } from '../compile/staged-map.ts';
import type { SharedMemory } from '../shared-counters/shared-memory.ts';
import type { WorkerPlace } from '../shared-counters/worker-place.ts';
import { QuotaCells, quotaCellsBytes } from './quota-cells.ts';
import { QuotaCounter, type QuotaTerms } from './quota-counter.ts';

/** What quotas need to know of the data plane. */
export interface QuotaEnvironment {
  /** Milliseconds since the epoch, corrected by the clock offset: what calls are counted by. */
  readonly now: () => number;
  /** The stream of usage batches of this process; null while there is none. */
  readonly stream: () => UsageStream | null;
  /** When the control plane was last heard of, milliseconds since the epoch; null: never. */
  readonly heardAt: () => number | null;
  /** Where the group's counters live. */
  readonly memory: SharedMemory;
  readonly place: WorkerPlace;
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
      const counter = this.#counters.get(key);
      if (after === undefined) this.#drop(key, counter);
      else if (counter === undefined) this.#counters.set(key, this.#create(key, after));
      else if (this.environment.place.isPrimary) counter.update(this.#termsOf(after));
    }
  }

  discard(): void {
    this.leases.discard();
  }

  /** A worker has told of a row. */
  received(workerId: number, { consumer, billable, minute }: UsageRow): void {
    if (consumer === null || billable === 0) return;
    this.#counters.get(consumer)?.received(workerId, minute * 1000, billable);
  }

  /** A worker has ended. */
  workerGone(workerId: number): void {
    for (const counter of this.#counters.values()) counter.workerGone(workerId);
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

  /** The primary says what a lease is; workers find it in the memory that they share with it. */
  #create(consumerId: string, lease: QuotaLease): QuotaCounter {
    const { memory, place } = this.environment;
    const cells = new QuotaCells(memory.take(`quota ${consumerId}`, quotaCellsBytes(place.workers)), place);
    return new QuotaCounter(place.isPrimary ? this.#termsOf(lease) : null, cells);
  }

  #drop(consumerId: string, counter: QuotaCounter | undefined): void {
    if (counter === undefined) return;
    this.#counters.delete(consumerId);
    const { memory, place } = this.environment;
    if (place.isPrimary) memory.retire(`quota ${consumerId}`, () => counter.isUnused);
    else memory.forget(`quota ${consumerId}`);
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
