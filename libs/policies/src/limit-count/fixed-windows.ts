import {
  type CallLane,
  type Hash,
  LaneSlot,
  type WindowKey,
  type WindowTable,
  type WindowTerms,
} from '@tollgate/engine';

/** What counting a call came to; valid until the next call is counted. */
export interface Count {
  readonly isOver: boolean;
  /** Calls left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

/** Keys whose place is remembered at a time in one gateway group; then all are forgotten, and found again by their hash. */
const rememberedKeys = 65_536;

/** The limits of one gateway group on this worker. Their windows are shared by all workers. */
export class WindowStore {
  readonly #table: WindowTable;
  readonly #remembering = new Set<FixedWindows>();
  #remembered = 0;

  constructor(table: WindowTable) {
    this.#table = table;
  }

  /** A limit; those with the same identity, on whichever worker, count together. */
  limit(identity: string, terms: WindowTerms): FixedWindows {
    return new FixedWindows({ table: this.#table, store: this, seed: this.#table.seedFor(identity), terms });
  }

  /** A limit remembers one more key. */
  remembers(limit: FixedWindows): void {
    if (++this.#remembered > rememberedKeys) {
      for (const other of this.#remembering) other.forget();
      this.#remembering.clear();
      this.#remembered = 1;
    }
    this.#remembering.add(limit);
  }
}

/** Fixed windows per key; a window begins with the first call of its key. */
export class FixedWindows implements Count {
  isOver = false;
  remaining = 0;
  resetSeconds = 0;
  readonly #table: WindowTable;
  readonly #store: WindowStore;
  readonly #seed: Hash;
  readonly #terms: WindowTerms;
  #keys = new Map<string, WindowKey>();
  /** The key that the calls of a lane were counted by last, which mostly stays the same. */
  readonly #lastKeys = new LaneSlot<WindowKey>();

  constructor(options: { table: WindowTable; store: WindowStore; seed: Hash; terms: WindowTerms }) {
    this.#table = options.table;
    this.#store = options.store;
    this.#seed = options.seed;
    this.#terms = options.terms;
  }

  /** Counts a call at `now` (milliseconds). Calls over the limit use nothing up. */
  count(key: string, now: number, lane: CallLane): Count {
    const table = this.#table;
    const last = this.#lastKeys.of(lane);
    const found = last?.text === key ? last : this.#remembered(key, lane);
    this.isOver = !table.use(found, this.#terms, now);
    this.remaining = Math.max(0, this.#terms.limit - table.used);
    this.resetSeconds = Math.max(0, Math.ceil((table.endsAt - now) / 1000));
    return this;
  }

  /** Makes room for other keys; no count is lost. */
  forget(): void {
    this.#keys = new Map();
  }

  #remembered(text: string, lane: CallLane): WindowKey {
    return this.#lastKeys.keep(lane, this.#keys.get(text) ?? this.#keyOf(text));
  }

  #keyOf(key: string): WindowKey {
    this.#store.remembers(this);
    const found = this.#table.key(key, this.#seed);
    this.#keys.set(key, found);
    return found;
  }
}
