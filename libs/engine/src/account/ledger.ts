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
/** Cells of one consumer on one route: a few, by minute and status. */
type ConsumerCells = Cell[];
type RouteCells = Map<string | null, ConsumerCells>;
type GroupCells = Map<string, RouteCells>;

/**
 * Counts calls per (minute, group, route, consumer, status). A call is in exactly one drained batch: {@link drain} hands the
 * cells over and starts anew in one step. Counting looks names up that are at hand already, and makes none.
 */
export class Ledger {
  #groups = new Map<string, GroupCells>();
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
    const isFirst = this.#groups.size === 0;
    const cell = this.#cellOf(call);
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
    const groups = this.#groups;
    this.#groups = new Map();
    const rows: UsageRow[] = [];
    for (const routes of groups.values()) {
      for (const consumers of routes.values()) {
        for (const cells of consumers.values()) {
          for (const { sketch, ...row } of cells) rows.push({ ...row, latency: sketch.toPairs() });
        }
      }
    }
    return rows;
  }

  #cellOf(call: CountedCall): Cell {
    const routes = entryOf(this.#groups, call.groupId, newMap<string, RouteCells>);
    const consumers = entryOf(routes, call.routeId, newMap<string | null, ConsumerCells>);
    const cells = entryOf(consumers, call.consumer, newList<Cell>);
    const minute = Math.floor(call.endedAt / 60_000) * 60;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      if (cell.status === call.status && cell.minute === minute) return cell;
    }
    const cell = emptyCell(minute, call);
    cells.push(cell);
    return cell;
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = create();
  map.set(key, made);
  return made;
}

function newMap<K, V>(): Map<K, V> {
  return new Map();
}

function newList<T>(): T[] {
  return [];
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
