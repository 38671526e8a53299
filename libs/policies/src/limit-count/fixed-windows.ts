import { LRUCache } from 'lru-cache';

/** What counting a call came to. */
export interface Count {
  readonly isOver: boolean;
  /** Calls left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

/** Keys counted at a time in one gateway group; the one unused longest makes room for a new one. */
const maxKeys = 100_000;

interface Window {
  used: number;
  readonly endsAt: number;
}

/** The windows of all limits of one gateway group, so that memory is bounded per group and not per limit. */
export class WindowStore {
  // Bounded by size and not by `max`, which would reserve memory for all keys at once.
  readonly #windows = new LRUCache<string, Window>({ maxSize: maxKeys, sizeCalculation: () => 1 });
  #limits = 0;

  /** A limit with counters of its own. */
  createLimit(limit: number, windowMs: number): FixedWindows {
    return new FixedWindows(this.#windows, { id: this.#limits++, limit, windowMs });
  }
}

/** Fixed windows per key; a window begins with the first call of its key. */
export class FixedWindows {
  readonly #windows: LRUCache<string, Window>;
  readonly #prefix: string;
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(windows: LRUCache<string, Window>, options: { id: number; limit: number; windowMs: number }) {
    this.#windows = windows;
    this.#prefix = `${options.id} `;
    this.#limit = options.limit;
    this.#windowMs = options.windowMs;
  }

  /** Counts a call at `now` (milliseconds). Calls over the limit use nothing up. */
  count(key: string, now: number): Count {
    let window = this.#windows.get(this.#prefix + key);
    if (window === undefined || window.endsAt <= now) {
      window = { used: 0, endsAt: now + this.#windowMs };
      this.#windows.set(this.#prefix + key, window);
    }
    const isOver = window.used >= this.#limit;
    if (!isOver) window.used++;
    return {
      isOver,
      remaining: this.#limit - window.used,
      resetSeconds: Math.max(0, Math.ceil((window.endsAt - now) / 1000)),
    };
  }
}
