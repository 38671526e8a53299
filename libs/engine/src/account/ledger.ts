import type { UsageRow } from '@tollgate/contracts/dataplane';
import { LatencySketch } from './latency-sketch.ts';

/** One call as it is counted. */
export interface CountedCall {
  /** Milliseconds since the epoch when it ended, corrected by the clock offset. */
  readonly endedAt: number;
  readonly groupId: string;
  readonly tenantId: string;
  /** `none` when no route matched. */
  readonly routeId: string;
  readonly consumer: string | null;
  readonly status: number;
  readonly billable: boolean;
  readonly latencyUs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

type Cell = Omit<UsageRow, 'latency'> & { readonly sketch: LatencySketch };

/**
 * Counts calls per (minute, group, route, consumer, status). A call is in exactly one drained batch: {@link drain} hands the
 * cells over and starts anew in one step.
 */
export class Ledger {
  #cells = new Map<string, Cell>();
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

  record(call: CountedCall): void {
    const minute = Math.floor(call.endedAt / 60_000) * 60;
    const key = `${minute} ${call.status} ${call.groupId} ${call.routeId} ${call.consumer ?? ''}`;
    const isFirst = this.#cells.size === 0;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = emptyCell(minute, call);
      this.#cells.set(key, cell);
    }
    this.#total++;
    cell.calls++;
    if (call.billable) cell.billable++;
    cell.latencySumUs += call.latencyUs;
    cell.sketch.add(call.latencyUs);
    cell.bytesIn += call.bytesIn;
    cell.bytesOut += call.bytesOut;
    if (isFirst) this.#whenCounted();
  }

  /** Everything counted since the last drain. Whoever calls it answers for the rows from then on. */
  drain(): UsageRow[] {
    const cells = this.#cells;
    this.#cells = new Map();
    return [...cells.values()].map(({ sketch, ...row }) => ({ ...row, latency: sketch.toPairs() }));
  }
}

function emptyCell(minute: number, { groupId, tenantId, routeId, consumer, status }: CountedCall): Cell {
  return {
    minute,
    groupId,
    tenantId,
    routeId,
    consumer,
    status,
    calls: 0,
    billable: 0,
    latencySumUs: 0,
    bytesIn: 0,
    bytesOut: 0,
    sketch: new LatencySketch(),
  };
}
