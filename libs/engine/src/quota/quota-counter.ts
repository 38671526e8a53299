import { SharedMemory } from '../shared-counters/shared-memory.ts';
import { QuotaCells, quotaCellsBytes } from './quota-cells.ts';

/** A lease as a data plane reads it, its own watermark picked out. */
export interface QuotaTerms {
  /** Calls that may be open at once, see {@link QuotaCounter}. */
  readonly lease: number;
  /** The lease from the end of the period on. */
  readonly nextLease: number;
  /** Milliseconds since the epoch; infinite while the period is not known. */
  readonly periodEnd: number;
  /** Batches of this process up to this number are part of what the lease was computed from. */
  readonly watermark: number;
}

interface SealedCalls {
  readonly sequence: number;
  calls: number;
}

/**
 * The billable calls of one consumer on this data plane that the control plane has not told to know of: those under way, those not in a
 * batch yet, and those in batches above the watermark. Such calls are open; as many may be as the lease says. The numbers are shared by all
 * workers; what comes from the control plane and what goes into batches is the primary's to say.
 */
export class QuotaCounter {
  readonly #cells: QuotaCells;
  /** Known to the primary only. */
  #sealed: SealedCalls[] = [];
  #sealedFrom = -Infinity;

  /** @param terms null where another thread has set them. */
  constructor(terms: QuotaTerms | null, cells = cellsOfOneThread()) {
    this.#cells = cells;
    if (terms === null) return;
    cells.enter();
    cells.setCountsFrom(-Infinity);
    cells.setTerms(terms.lease, terms.nextLease, terms.periodEnd);
    cells.leave();
  }

  get open(): number {
    return this.#read(Number.NEGATIVE_INFINITY, () => this.#cells.open);
  }

  /** Whether no call is under way on any worker. */
  get isUnused(): boolean {
    return this.#cells.isUnused;
  }

  /** Whether the control plane left nothing for this period: then only its end helps. */
  isExhausted(now: number): boolean {
    return this.#read(now, () => this.#cells.lease === 0);
  }

  /** Milliseconds since the epoch; infinite while it is not known. */
  get periodEnd(): number {
    return this.#read(Number.NEGATIVE_INFINITY, () => this.#cells.periodEnd);
  }

  /** Whether one more call may be made. */
  hasRoom(now: number): boolean {
    return this.#read(now, () => this.#cells.open < this.#cells.lease);
  }

  /** A call goes on its way, if one more may be made. */
  tryBegin(now: number): boolean {
    const cells = this.#cells;
    cells.enter();
    this.#turn(now);
    const hasRoom = cells.open < cells.lease;
    if (hasRoom) cells.begin();
    cells.leave();
    return hasRoom;
  }

  /** A call goes on its way, whether or not there is room. */
  begin(): void {
    this.#cells.enter();
    this.#cells.begin();
    this.#cells.leave();
  }

  /** The call has ended. */
  end(isBillable: boolean, now: number): void {
    this.#cells.enter();
    this.#turn(now);
    this.#cells.end(isBillable);
    this.#cells.leave();
  }

  /** The control plane knows more, or has another plan. What it says of a period that is over here is only good for the next one’s lease. */
  update({ lease, nextLease, periodEnd, watermark }: QuotaTerms): void {
    const cells = this.#cells;
    cells.enter();
    this.#forgetOldBatches();
    if (periodEnd <= cells.countsFrom) {
      cells.setTerms(nextLease, nextLease, Infinity);
    } else {
      cells.setTerms(lease, nextLease, periodEnd);
      for (let [first] = this.#sealed; first !== undefined && first.sequence <= watermark; [first] = this.#sealed) {
        this.#sealed.shift();
        cells.settle(first.calls);
      }
    }
    cells.leave();
  }

  /** A worker has told of billable calls of a minute (milliseconds since the epoch). */
  received(workerId: number, minute: number, calls: number): void {
    this.#cells.enter();
    if (minute >= this.#cells.countsFrom) this.#cells.received(workerId, calls);
    this.#cells.leave();
  }

  /** Calls of a minute (milliseconds since the epoch) went into a batch. Those from before this counter was made are none of its calls. */
  seal(sequence: number, minute: number, calls: number): void {
    const cells = this.#cells;
    cells.enter();
    this.#forgetOldBatches();
    const own = minute < cells.countsFrom ? 0 : Math.min(calls, cells.unsealed + cells.ownEnded);
    if (own > 0) cells.seal(own);
    cells.leave();
    if (own === 0) return;
    const last = this.#sealed.at(-1);
    if (last?.sequence === sequence) last.calls += own;
    else this.#sealed.push({ sequence, calls: own });
  }

  /** The control plane refused a batch: its calls wait for another one, but for those that are given up. */
  unseal(sequence: number, givenUp: number): void {
    this.#cells.enter();
    this.#forgetOldBatches();
    const last = this.#sealed.at(-1);
    if (last?.sequence === sequence) {
      this.#sealed.pop();
      this.#cells.unseal(last.calls, givenUp);
    }
    this.#cells.leave();
  }

  /** A worker has ended, and its calls with it. */
  workerGone(workerId: number): void {
    this.#cells.workerGone(workerId);
  }

  #read<T>(now: number, look: () => T): T {
    this.#cells.enter();
    this.#turn(now);
    const value = look();
    this.#cells.leave();
    return value;
  }

  /** At the end of a period the next one begins by itself. Calls under way will end, and count, in it. */
  #turn(now: number): void {
    const cells = this.#cells;
    const { periodEnd, nextLease } = cells;
    if (now < periodEnd) return;
    cells.setCountsFrom(periodEnd);
    cells.clearEnded();
    cells.setTerms(nextLease, nextLease, Infinity);
  }

  /** Any worker may have begun another period since. */
  #forgetOldBatches(): void {
    if (this.#cells.countsFrom === this.#sealedFrom) return;
    this.#sealedFrom = this.#cells.countsFrom;
    this.#sealed = [];
  }
}

function cellsOfOneThread(): QuotaCells {
  return new QuotaCells(new SharedMemory().take('quota', quotaCellsBytes(1)), { workerId: 0, workers: 1 });
}
