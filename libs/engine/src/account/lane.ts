import type { LatencySketch } from './latency-sketch.ts';

/** Whose calls a {@link Lane} counts. */
export interface LaneName {
  readonly groupId: string;
  readonly tenantId: string;
  /** `none` when no route matched. */
  readonly routeId: string;
  readonly consumer: string | null;
}

/** Things that a lane keeps for others; more of them replace each other. */
const mostNotes = 8;

/** The calls of one lane with one status in one minute that have not been drained yet. */
export class Cell {
  calls = 0;
  billable = 0;
  latencySumUs = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Null while nothing has been counted since the last drain. */
  sketch: LatencySketch | null = null;

  constructor(
    readonly lane: Lane,
    readonly minute: number,
    readonly status: number,
  ) {}
}

/**
 * Where the calls of one caller on one route are counted. It is found once per call, and kept with what the call has found anyway (route and
 * caller), so that counting itself looks nothing up.
 */
export class Lane {
  readonly name: LaneName;
  /** Slot, note, slot, note …; see {@link LaneSlot}. */
  readonly #notes: object[] = [];
  /** One per status, of the newest minute. */
  readonly #cells: Cell[] = [];

  constructor(name: LaneName) {
    this.name = name;
  }

  recall(slot: object): object | undefined {
    const notes = this.#notes;
    for (let index = 0; index < notes.length; index += 2) if (notes[index] === slot) return notes[index + 1];
    return undefined;
  }

  keep(slot: object, note: object): void {
    const notes = this.#notes;
    let index = 0;
    while (index < notes.length && notes[index] !== slot) index += 2;
    if (index === mostNotes * 2) index = 0;
    notes[index] = slot;
    notes[index + 1] = note;
  }

  /** @param minute its beginning in seconds since the epoch. */
  cellFor(status: number, minute: number): Cell {
    const cells = this.#cells;
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      if (cell.status !== status) continue;
      return cell.minute === minute ? cell : (cells[index] = new Cell(this, minute, status));
    }
    const cell = new Cell(this, minute, status);
    cells.push(cell);
    return cell;
  }
}

/** The calls of one caller on one route, as policies know them. */
export type CallLane = Pick<Lane, 'recall' | 'keep'>;

/**
 * A place in every {@link Lane} for something that is the same for all its calls, so that it is looked up once per lane and not once per call.
 * What is kept may be forgotten at any time.
 */
export class LaneSlot<T extends object> {
  /** What was kept in the lane, if it still is. */
  of(lane: CallLane): T | undefined {
    return lane.recall(this) as T | undefined;
  }

  keep(lane: CallLane, note: T): T {
    lane.keep(this, note);
    return note;
  }
}

/** Lanes that one caller keeps at a time; a caller of more routes than that makes them anew now and then. */
const keptLanes = 16;

/** The lanes of one caller, by what stands for the route. */
export class Lanes {
  readonly #owners: object[] = [];
  readonly #lanes: Lane[] = [];
  #next = 0;

  /** The lane on the route that `owner` stands for, made from its name when it is not there. */
  of(owner: object, nameOf: () => LaneName): Lane {
    const index = this.#owners.indexOf(owner);
    if (index >= 0) return this.#lanes[index]!;
    const lane = new Lane(nameOf());
    this.#owners[this.#next] = owner;
    this.#lanes[this.#next] = lane;
    this.#next = (this.#next + 1) % keptLanes;
    return lane;
  }
}
