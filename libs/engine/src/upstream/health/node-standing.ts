/** What one probe, or one call, has shown about a node. */
export type Finding = 'success' | 'httpFailure' | 'tcpFailure' | 'timeout';

/** What is known about a node's health. Plain fields: they are written for every call that passive checks look at. */
export interface NodeStanding {
  isHealthy: boolean;
  /** Why it is not healthy, for people. */
  reason: string;
  /** Since when it is (not) healthy, milliseconds since the epoch; 0 = since the beginning. */
  since: number;
  /** Findings since the last one of the opposite kind. */
  successes: number;
  httpFailures: number;
  tcpFailures: number;
  timeouts: number;
  /** Failures of calls one after the other, for ejection. */
  failuresInRow: number;
  /** When it stops being ejected, on the clock of `performance.now()`; 0 = it is not. */
  ejectedUntil: number;
  /** When it came into use, again or as a new one, on the same clock; -Infinity = always was. */
  returnedAt: number;
  /** How often it has been ejected of late; the time grows with it. */
  ejections: number;
}

export function newStanding(): NodeStanding {
  return {
    isHealthy: true,
    reason: '',
    since: 0,
    successes: 0,
    httpFailures: 0,
    tcpFailures: 0,
    timeouts: 0,
    failuresInRow: 0,
    ejectedUntil: 0,
    returnedAt: -Infinity,
    ejections: 0,
  };
}

/**
 * Counts a finding as APISIX does: kinds of failures are counted apart, a success forgets all of them, a failure forgets successes, and what
 * only confirms the present verdict counts for nothing.
 * @param threshold 0 = such findings are ignored altogether.
 * @returns true when the verdict must change.
 */
export function countFinding(standing: NodeStanding, finding: Finding, threshold: number): boolean {
  if (threshold === 0) return false;
  if (finding === 'success') {
    forgetFailures(standing);
    return !standing.isHealthy && ++standing.successes >= threshold;
  }
  standing.successes = 0;
  if (!standing.isHealthy) return false;
  return countFailure(standing, finding) >= threshold;
}

/** A verdict starts all counts anew. */
export function setVerdict(
  standing: NodeStanding,
  verdict: { isHealthy: boolean; reason: string; since: number },
): void {
  standing.isHealthy = verdict.isHealthy;
  standing.reason = verdict.reason;
  standing.since = verdict.since;
  standing.successes = 0;
  forgetFailures(standing);
}

function forgetFailures(standing: NodeStanding): void {
  standing.httpFailures = 0;
  standing.tcpFailures = 0;
  standing.timeouts = 0;
}

function countFailure(standing: NodeStanding, finding: Exclude<Finding, 'success'>): number {
  switch (finding) {
    case 'httpFailure':
      return ++standing.httpFailures;
    case 'tcpFailure':
      return ++standing.tcpFailures;
    case 'timeout':
      return ++standing.timeouts;
  }
}
