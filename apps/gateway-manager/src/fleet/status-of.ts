import type { DataPlaneStatus } from '@tollgate/contracts/rest/gateway';

/** What is known of an instance when it is judged. Times are milliseconds since the epoch. */
export interface Observation {
  readonly lastSeenAt: number | null;
  /** Since when its heartbeats have shown an older configuration than the one in force; null when it is up to date. */
  readonly behindSince: number | null;
}

/** Against what it is judged. */
export interface Judgement {
  readonly now: number;
  readonly intervalMs: number;
  /** Since when heartbeats could be heard without a gap: start of the consumer, return of Redis, loss of Redis' data. */
  readonly hearingSince: number;
}

/** Heartbeats come with a tenth of jitter, and travel. */
const lateness = 0.25;
/** A publish is not news of a laggard at once: the acknowledgement is on its way. */
const behindForIntervals = 3;

/** Degraded after two missed heartbeats, offline after three; unknown while nobody could have heard it for one interval. */
export function statusOf({ lastSeenAt, behindSince }: Observation, judgement: Judgement): DataPlaneStatus {
  const { now, intervalMs, hearingSince } = judgement;
  if (lastSeenAt === null) return 'unknown';
  const missed = (now - lastSeenAt) / intervalMs - lateness;
  if (missed < 2) {
    const isBehind = behindSince !== null && now - behindSince > behindForIntervals * intervalMs;
    return isBehind ? 'out-of-date' : 'online';
  }
  if (now - hearingSince < intervalMs * (1 + lateness)) return 'unknown';
  return missed < 3 ? 'degraded' : 'offline';
}
