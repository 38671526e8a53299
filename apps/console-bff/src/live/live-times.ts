/** Injection token of the {@link LiveTimes}. */
export const LIVE_TIMES = Symbol('console-bff.live-times');

/** Rhythm of a stream, milliseconds. */
export interface LiveTimes {
  /** Between two pings; at each it is looked whether the session still is. */
  readonly pingMs: number;
  /** After this the stream ends and the reader comes back. */
  readonly longestMs: number;
}

export const liveTimes: LiveTimes = { pingMs: 15_000, longestMs: 60 * 60 * 1000 };
