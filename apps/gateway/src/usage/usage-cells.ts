import type { UsageRow } from '@tollgate/contracts/dataplane';

/** Lengths of the periods that rows may be merged into, seconds. */
export type Period = 3600 | 86_400;

/**
 * Counters not yet sent, one per (minute, group, route, consumer, tried, status). Adding up is all that ever happens to them, so no call is
 * lost or doubled by merging.
 */
export class UsageCells {
  readonly #cells: Map<string, UsageRow>;

  constructor(cells: Iterable<readonly [string, UsageRow]> = []) {
    this.#cells = new Map(cells);
  }

  get size(): number {
    return this.#cells.size;
  }

  rows(): UsageRow[] {
    return [...this.#cells.values()];
  }

  /** The same cells, to go on apart from these. */
  copy(): UsageCells {
    return new UsageCells(this.#cells);
  }

  add(rows: Iterable<UsageRow>): void {
    for (const row of rows) {
      const key = keyOf(row);
      const cell = this.#cells.get(key);
      this.#cells.set(key, cell === undefined ? row : sumOf(cell, row));
    }
  }

  /** Removes and returns the oldest rows, at most so many and so many bytes of JSON; at least one when there is one. */
  take(maxRows: number, maxBytes: number): UsageRow[] {
    const taken: UsageRow[] = [];
    let bytes = 0;
    for (const [key, row] of this.#cells) {
      bytes += JSON.stringify(row).length + 1;
      if (taken.length > 0 && (taken.length >= maxRows || bytes > maxBytes)) break;
      taken.push(row);
      this.#cells.delete(key);
    }
    return taken;
  }

  /** Removes the cells of these rows as a whole. */
  remove(rows: Iterable<UsageRow>): void {
    for (const row of rows) this.#cells.delete(keyOf(row));
  }

  /** Merges the rows of whole periods that ended before `before` (seconds since the epoch). */
  coarsen(period: Period, before: number): void {
    for (const [key, row] of [...this.#cells]) {
      const start = Math.floor(row.minute / period) * period;
      if (start + period > before || start === row.minute) continue;
      this.#cells.delete(key);
      this.add([{ ...row, minute: start }]);
    }
  }
}

function keyOf({ minute, groupId, tenantId, routeId, consumer, tried, status }: UsageRow): string {
  return JSON.stringify([minute, groupId, tenantId, routeId, consumer, tried === true, status]);
}

function sumOf(a: UsageRow, b: UsageRow): UsageRow {
  return {
    ...a,
    calls: a.calls + b.calls,
    billable: a.billable + b.billable,
    latencySumUs: a.latencySumUs + b.latencySumUs,
    latency: sumOfSketches(a.latency, b.latency),
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
  };
}

function sumOfSketches(a: UsageRow['latency'], b: UsageRow['latency']): UsageRow['latency'] {
  const counts = new Map(a);
  for (const [bucket, count] of b) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  return [...counts].sort(([left], [right]) => left - right);
}
