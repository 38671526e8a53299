import { breakLock, lock, unlock } from '../shared-counters/spin-lock.ts';
import type { SharedPiece } from '../shared-counters/shared-memory.ts';

/** Doubles first. */
const leaseAt = 0;
const nextLeaseAt = 1;
const periodEndAt = 2;
const countsFromAt = 3;
/** Then words; the last ones are pairs of calls under way and calls ended, one pair per worker. */
const lockAt = 8;
const openAt = 9;
const unsealedAt = 10;
const sealedAt = 11;
const workersAt = 12;

/** Bytes that the numbers of one lease take, for so many workers. */
export function quotaCellsBytes(workers: number): number {
  return (workersAt + 2 * workers) * 4;
}

/** The numbers behind a lease, in memory that workers share. Each is read and written between {@link enter} and {@link leave} only. */
export class QuotaCells {
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  readonly #workers: number;
  readonly #own: number;

  constructor({ buffer, offset }: SharedPiece, { workerId, workers }: { workerId: number; workers: number }) {
    this.#numbers = new Float64Array(buffer, offset, 4);
    this.#words = new Int32Array(buffer, offset, workersAt + 2 * workers);
    this.#workers = workers;
    this.#own = workerId;
  }

  enter(): void {
    lock(this.#words, lockAt, this.#own + 1);
  }

  leave(): void {
    unlock(this.#words, lockAt);
  }

  get lease(): number {
    return this.#numbers[leaseAt]!;
  }

  get nextLease(): number {
    return this.#numbers[nextLeaseAt]!;
  }

  /** Milliseconds since the epoch; infinite while it is not known. */
  get periodEnd(): number {
    return this.#numbers[periodEndAt]!;
  }

  /** Calls that ended before belong to a period that is over; milliseconds since the epoch. */
  get countsFrom(): number {
    return this.#numbers[countsFromAt]!;
  }

  setTerms(lease: number, nextLease: number, periodEnd: number): void {
    this.#numbers[leaseAt] = lease;
    this.#numbers[nextLeaseAt] = nextLease;
    this.#numbers[periodEndAt] = periodEnd;
  }

  setCountsFrom(countsFrom: number): void {
    this.#numbers[countsFromAt] = countsFrom;
  }

  get open(): number {
    return this.#words[openAt]!;
  }

  /** Ended and known to whoever makes batches, in none yet. */
  get unsealed(): number {
    return this.#words[unsealedAt]!;
  }

  get ownEnded(): number {
    return this.#words[workersAt + 2 * this.#own + 1]!;
  }

  begin(): void {
    this.#words[openAt]! += 1;
    this.#words[workersAt + 2 * this.#own]! += 1;
  }

  end(isBillable: boolean): void {
    this.#words[workersAt + 2 * this.#own]! -= 1;
    if (isBillable) this.#words[workersAt + 2 * this.#own + 1]! += 1;
    else this.#words[openAt]! -= 1;
  }

  /** Calls that ended at a worker are known now to whoever makes batches. What the worker does not know of any more is open all the same. */
  received(workerId: number, calls: number): void {
    const at = workersAt + 2 * workerId + 1;
    const known = Math.min(calls, this.#words[at]!);
    this.#words[at]! -= known;
    this.#words[unsealedAt]! += calls;
    this.#words[openAt]! += calls - known;
  }

  /** Calls went into a batch; those above what is unsealed are taken from the own ones that ended. */
  seal(calls: number): void {
    const unsealed = Math.min(calls, this.unsealed);
    this.#words[unsealedAt]! -= unsealed;
    this.#words[workersAt + 2 * this.#own + 1]! -= calls - unsealed;
    this.#words[sealedAt]! += calls;
  }

  /** Sealed calls wait for another batch, but for those given up. */
  unseal(calls: number, givenUp: number): void {
    const lost = Math.min(calls, givenUp);
    this.#words[sealedAt]! -= calls;
    this.#words[unsealedAt]! += calls - lost;
    this.#words[openAt]! -= lost;
  }

  /** The control plane counts them now. */
  settle(calls: number): void {
    this.#words[sealedAt]! -= calls;
    this.#words[openAt]! -= calls;
  }

  /** Only calls under way are left. */
  clearEnded(): void {
    let underWay = 0;
    for (let worker = 0; worker < this.#workers; worker++) {
      underWay += this.#words[workersAt + 2 * worker]!;
      this.#words[workersAt + 2 * worker + 1] = 0;
    }
    this.#words[unsealedAt] = 0;
    this.#words[sealedAt] = 0;
    this.#words[openAt] = underWay;
  }

  get isUnused(): boolean {
    for (let worker = 0; worker < this.#workers; worker++) {
      if (Atomics.load(this.#words, workersAt + 2 * worker) !== 0) return false;
    }
    return true;
  }

  /** A worker has ended: its calls under way ended with it, and what it had not told of is lost. Whatever it left half done is mended. */
  workerGone(workerId: number): void {
    breakLock(this.#words, lockAt, workerId + 1);
    this.enter();
    this.#words[workersAt + 2 * workerId] = 0;
    this.#words[workersAt + 2 * workerId + 1] = 0;
    let open = this.unsealed + this.#words[sealedAt]!;
    for (let word = workersAt; word < workersAt + 2 * this.#workers; word++) open += this.#words[word]!;
    this.#words[openAt] = open;
    this.leave();
  }
}
