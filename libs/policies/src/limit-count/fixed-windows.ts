import { LRUCache } from 'lru-cache';

/** What counting a call came to. */
export interface Count {
  readonly isOver: boolean;
  /** Calls left in the window. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
}

/** Keys counted at a time; the one unused longest makes room for a new one. */
const maxKeys = 100_000;

interface Window {
  used: number;
  readonly endsAt: number;
}

/** Fixed windows per key; a window begins with the first call of its key. */
export class FixedWindows {
  readonly #windows = new LRUCache<string, Window>({ max: maxKeys });

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** Counts a call at `now` (milliseconds). Calls over the limit use nothing up. */
  count(key: string, now: number): Count {
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { used: 0, endsAt: now + this.windowMs };
      this.#windows.set(key, window);
    }
    const isOver = window.used >= this.limit;
    if (!isOver) window.used++;
    return {
      isOver,
      remaining: this.limit - window.used,
      resetSeconds: Math.max(0, Math.ceil((window.endsAt - now) / 1000)),
    };
  }
}
