import { LatencySketch } from './latency-sketch.ts';

/** Whose calls a {@link Lane} counts. */
export interface LaneName {
  readonly groupId: string;
  readonly tenantId: string;
  /** `none` when no route matched. */
  readonly routeId: string;
  readonly consumer: string | null;
}

/** Things that a lane keeps for others beside the first two; more of them replace each other. */
const mostOtherNotes = 6;

/** The calls of one lane with one status in one minute that have not been drained yet, with their latencies. */
export class Cell extends LatencySketch {
  /** 0 while nothing has been counted since the last drain. */
  calls = 0;
  billable = 0;
  latencySumUs = 0;
  bytesIn = 0;
  bytesOut = 0;

  constructor(
    /** Of its lane. */
    readonly name: LaneName,
    /** 0 while no status has one. */
    public status: number,
    /** Its beginning in seconds since the epoch. */
    public minute: number,
  ) {
    super();
  }

  /** Starts anew. */
  override clear(): void {
    super.clear();
    this.calls = 0;
    this.billable = 0;
    this.latencySumUs = 0;
    this.bytesIn = 0;
    this.bytesOut = 0;
  }
}

/** Until a call has been counted. */
const noStatus = 0;

/**
 * Where the calls of one caller on one route are counted. It is found once per call, and kept with what the call has found anyway (route and
 * caller), so that counting itself looks nothing up. It is itself the cell of the status that it saw first, and what most lanes need lies in
 * the lane, too: with many callers each object more is one that the processor has to wait for.
 */
export class Lane extends Cell {
  /** What stands for its route; see {@link Lanes}. */
  readonly owner: object | null;
  /** The lane that was used before it. */
  next: Lane | null = null;
  #slotA: object | null = null;
  #noteA: object | undefined = undefined;
  #slotB: object | null = null;
  #noteB: object | undefined = undefined;
  /** Slot, note, slot, note …; see {@link LaneSlot}. */
  #others: object[] | null = null;
  /** Those of the other statuses, one for each. */
  #cells: Cell[] | null = null;

  constructor(name: LaneName, owner: object | null = null) {
    super(name, noStatus, 0);
    this.owner = owner;
  }

  recall(slot: object): object | undefined {
    if (this.#slotA === slot) return this.#noteA;
    if (this.#slotB === slot) return this.#noteB;
    const others = this.#others;
    if (others === null) return undefined;
    for (let index = 0; index < others.length; index += 2) if (others[index] === slot) return others[index + 1];
    return undefined;
  }

  keep(slot: object, note: object): void {
    if (this.#slotA === null || this.#slotA === slot) {
      this.#slotA = slot;
      this.#noteA = note;
    } else if (this.#slotB === null || this.#slotB === slot) {
      this.#slotB = slot;
      this.#noteB = note;
    } else {
      keepIn((this.#others ??= []), slot, note);
    }
  }

  /** @param minute its beginning in seconds since the epoch. */
  cellFor(status: number, minute: number): Cell {
    if (this.status === status && this.minute === minute) return this;
    return this.#findCell(status, minute);
  }

  #findCell(status: number, minute: number): Cell {
    if (this.calls === 0 && (this.status === status || this.status === noStatus)) {
      this.status = status;
      this.minute = minute;
      return this;
    }
    const cells = (this.#cells ??= []);
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index]!;
      if (cell.status !== status) continue;
      if (cell.minute === minute) return cell;
      // One that waits to be drained keeps its minute.
      if (cell.calls > 0) return (cells[index] = new Cell(this.name, status, minute));
      cell.minute = minute;
      return cell;
    }
    const cell = new Cell(this.name, status, minute);
    cells.push(cell);
    return cell;
  }
}

function keepIn(notes: object[], slot: object, note: object): void {
  let index = 0;
  while (index < notes.length && notes[index] !== slot) index += 2;
  if (index === mostOtherNotes * 2) index = 0;
  notes[index] = slot;
  notes[index + 1] = note;
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

/** Says whose lane it is, when one has to be made. */
export interface LaneSource {
  laneName(): LaneName;
}

/** The lanes of one caller, by what stands for the route; those used last are found first. */
export class Lanes {
  #first: Lane | null = null;

  /** The lane on the route that `owner` stands for, made by the name that `source` tells when it is not there. */
  of(owner: object, source: LaneSource): Lane {
    const first = this.#first;
    return first !== null && first.owner === owner ? first : this.#bringToFront(owner, source);
  }

  #bringToFront(owner: object, source: LaneSource): Lane {
    let before: Lane | null = null;
    let lane = this.#first;
    for (let passed = 1; lane !== null && lane.owner !== owner; passed++) {
      const next: Lane | null = lane.next;
      // The last makes room for the new one.
      if (passed === keptLanes && before !== null) before.next = null;
      before = lane;
      lane = next;
    }
    if (lane === null) lane = new Lane(source.laneName(), owner);
    else if (before !== null) before.next = lane.next;
    lane.next = this.#first;
    this.#first = lane;
    return lane;
  }
}
