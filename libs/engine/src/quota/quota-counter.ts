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
 * batch yet, and those in batches above the watermark. Such calls are open; as many may be as the lease says.
 */
export class QuotaCounter {
  #terms: QuotaTerms;
  #underWay = 0;
  #unsealed = 0;
  #sealedCalls = 0;
  #sealed: SealedCalls[] = [];
  /** Calls that ended before belong to a period that is over; milliseconds since the epoch. */
  #countsFrom = -Infinity;

  constructor(terms: QuotaTerms) {
    this.#terms = terms;
  }

  get open(): number {
    return this.#underWay + this.#unsealed + this.#sealedCalls;
  }

  /** Whether the control plane left nothing for this period: then only its end helps. */
  isExhausted(now: number): boolean {
    this.#turn(now);
    return this.#terms.lease === 0;
  }

  /** Milliseconds since the epoch; infinite while it is not known. */
  get periodEnd(): number {
    return this.#terms.periodEnd;
  }

  /** Whether one more call may be made. */
  hasRoom(now: number): boolean {
    this.#turn(now);
    return this.open < this.#terms.lease;
  }

  /** A call goes on its way. */
  begin(): void {
    this.#underWay += 1;
  }

  /** The call has ended. */
  end(isBillable: boolean, now: number): void {
    this.#turn(now);
    this.#underWay -= 1;
    if (isBillable) this.#unsealed += 1;
  }

  /** The control plane knows more, or has another plan. What it says of a period that is over here is only good for the next one’s lease. */
  update(terms: QuotaTerms): void {
    if (terms.periodEnd <= this.#countsFrom) {
      this.#terms = nextPeriodOf(terms);
      return;
    }
    this.#terms = terms;
    for (let [first] = this.#sealed; first !== undefined && first.sequence <= terms.watermark; [first] = this.#sealed) {
      this.#sealed.shift();
      this.#sealedCalls -= first.calls;
    }
  }

  /** Calls of a minute (milliseconds since the epoch) went into a batch. Those from before this counter was made are none of its calls. */
  seal(sequence: number, minute: number, calls: number): void {
    if (minute < this.#countsFrom) return;
    const own = Math.min(calls, this.#unsealed);
    if (own === 0) return;
    this.#unsealed -= own;
    this.#sealedCalls += own;
    const last = this.#sealed.at(-1);
    if (last?.sequence === sequence) last.calls += own;
    else this.#sealed.push({ sequence, calls: own });
  }

  /** The control plane refused a batch: its calls wait for another one, but for those that are given up. */
  unseal(sequence: number, givenUp: number): void {
    const last = this.#sealed.at(-1);
    if (last?.sequence !== sequence) return;
    this.#sealed.pop();
    this.#sealedCalls -= last.calls;
    this.#unsealed += Math.max(0, last.calls - givenUp);
  }

  /** At the end of a period the next one begins by itself. Calls under way will end, and count, in it. */
  #turn(now: number): void {
    const { periodEnd } = this.#terms;
    if (now < periodEnd) return;
    this.#countsFrom = periodEnd;
    this.#unsealed = 0;
    this.#sealedCalls = 0;
    this.#sealed = [];
    this.#terms = nextPeriodOf(this.#terms);
  }
}

function nextPeriodOf(terms: QuotaTerms): QuotaTerms {
  return { ...terms, lease: terms.nextLease, periodEnd: Infinity };
}
