import type { UsageRow } from '@tollgate/contracts/dataplane';
import { type Cell, Lane, type LaneName } from './lane.ts';

/** What is counted of a call. */
export interface Measured {
  readonly status: number;
  readonly billable: boolean;
  readonly latencyUs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One call as it is counted where nobody keeps its lane. */
export interface CountedCall extends LaneName, Measured {
  /** Milliseconds since the epoch when it ended, corrected by the clock offset. */
  readonly endedAt: number;
}

/** Lanes that the ledger itself keeps until the next drain. */
const mostOwnLanes = 10_000;

/**
 * Counts calls per (minute, group, route, consumer, status). A call is in exactly one drained batch: {@link drain} hands the cells over and
 * starts anew in one step.
 */
export class Ledger {
  /** Cells with something in them. */
  #filled: Cell[] = [];
  readonly #ownLanes = new Map<string, Lane>();
  #total = 0;
  #whenCounted: () => void = () => undefined;

  /** Calls counted since the start, drained ones included. */
  get total(): number {
    return this.#total;
  }

  /** Has `listener` told of a call when it is the first since the last drain. */
  whenCounted(listener: () => void): void {
    this.#whenCounted = listener;
  }

  /** Counts a call whose lane nobody keeps. */
  record(call: CountedCall): void {
    const { groupId, tenantId, routeId, consumer } = call;
    const key = `${groupId} ${routeId} ${consumer ?? ''}`;
    let lane = this.#ownLanes.get(key);
    if (lane === undefined) {
      lane = new Lane({ groupId, tenantId, routeId, consumer });
      if (this.#ownLanes.size < mostOwnLanes) this.#ownLanes.set(key, lane);
    }
    this.count(lane, call, call.endedAt);
  }

  /** Counts a call in its lane. @param endedAt milliseconds since the epoch, corrected by the clock offset. */
  count(lane: Lane, call: Measured, endedAt: number): void {
    const cell = lane.cellFor(call.status, Math.floor(endedAt / 60_000) * 60);
    this.#total++;
    if (cell.calls++ === 0) this.#fill(cell);
    if (call.billable) cell.billable++;
    cell.latencySumUs += call.latencyUs;
    cell.bytesIn += call.bytesIn;
    cell.bytesOut += call.bytesOut;
    cell.add(call.latencyUs);
  }

  /** Everything counted since the last drain. Whoever calls it answers for the rows from then on. */
  drain(): UsageRow[] {
    return this.#takeFilled().map((cell) => {
      const row = rowOf(cell);
      cell.clear();
      return row;
    });
  }

  /** Starts anew; for where nobody wants the rows. */
  forget(): void {
    for (const cell of this.#takeFilled()) cell.clear();
  }

  #takeFilled(): Cell[] {
    const filled = this.#filled;
    this.#filled = [];
    this.#ownLanes.clear();
    return filled;
  }

  #fill(cell: Cell): void {
    this.#filled.push(cell);
    if (this.#filled.length === 1) this.#whenCounted();
  }
}

function rowOf(cell: Cell): UsageRow {
  const { name, minute, status, calls, billable, latencySumUs, bytesIn, bytesOut } = cell;
  return { minute, ...name, status, calls, billable, latencySumUs, bytesIn, bytesOut, latency: cell.toPairs() };
}
