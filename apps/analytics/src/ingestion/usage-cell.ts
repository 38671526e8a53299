import type { UsageRow } from '@tollgate/contracts/dataplane';

/** Counters of a span of time, from that span's start on. */
export interface UsageCell {
  readonly tenantId: string;
  /** Start of the span, seconds since the epoch. */
  readonly start: number;
  readonly groupId: string;
  readonly routeId: string;
  /** Empty for anonymous calls. */
  readonly consumer: string;
  readonly isTried: boolean;
  readonly status: number;
  calls: number;
  billable: number;
  latencySumUs: number;
  bytesIn: number;
  bytesOut: number;
  /** Calls by latency bucket. */
  readonly latency: Map<number, number>;
}

/** Adds rows up by cell. The order of its cells is the order in which rows are locked, the same in every process. */
export class UsageTally {
  readonly #cells = new Map<string, UsageCell>();

  constructor(private readonly spanSeconds: number) {}

  /** @param minute start of the minute that the row counts in. */
  add(row: UsageRow, minute: number): void {
    const cell = this.#cellOf(row, minute - (minute % this.spanSeconds));
    cell.calls += row.calls;
    cell.billable += row.billable;
    cell.latencySumUs += row.latencySumUs;
    cell.bytesIn += row.bytesIn;
    cell.bytesOut += row.bytesOut;
    for (const [bucket, count] of row.latency) cell.latency.set(bucket, (cell.latency.get(bucket) ?? 0) + count);
  }

  cells(): UsageCell[] {
    return [...this.#cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  }

  #cellOf({ tenantId, groupId, routeId, consumer, tried, status }: UsageRow, start: number): UsageCell {
    const key = [tenantId, start, groupId, routeId, consumer ?? '', status, tried ?? ''].join('\n');
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const cell = {
      tenantId,
      start,
      groupId,
      routeId,
      consumer: consumer ?? '',
      isTried: tried === true,
      status,
      calls: 0,
      billable: 0,
      latencySumUs: 0,
      bytesIn: 0,
      bytesOut: 0,
      latency: new Map<number, number>(),
    };
    this.#cells.set(key, cell);
    return cell;
  }
}
