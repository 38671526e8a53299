const minuteMs = 60_000;
/** Ends within a minute after which a worker is started again at once. */
const atOnce = 3;
/** More ends within a minute than this and the data plane is not ready: its calls keep failing. */
const mostPerMinute = 5;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** What becomes of a worker that has ended. */
export interface Restart {
  readonly afterMs: number;
  readonly isLooping: boolean;
}

/** Decides when to start a worker again: at once as a rule, more and more slowly when it keeps ending; at most nine times a minute. */
export class RestartPolicy {
  #endedAt: number[] = [];

  /** It has ended; `now` in milliseconds on any clock. */
  ended(now: number): Restart {
    this.#endedAt = [...this.#endedAt.filter((at) => at > now - minuteMs), now];
    const ends = this.#endedAt.length;
    const afterMs = ends <= atOnce ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (ends - atOnce - 1));
    return { afterMs, isLooping: ends > mostPerMinute };
  }

  /** Whether it has kept ending within the last minute. */
  isLooping(now: number): boolean {
    return this.#endedAt.filter((at) => at > now - minuteMs).length > mostPerMinute;
  }
}
