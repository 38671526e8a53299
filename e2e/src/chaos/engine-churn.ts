import { percentile } from '../bench/load/statistics.ts';
import { type ChurnReport, playChurn } from './engine-churn/play-churn.ts';
import type { ChaosOptions, ChaosOutcome } from './scenario.ts';

const sizes = {
  smoke: { routes: 400, legs: [{ sockets: 'raw', seconds: 5 }] },
  normal: {
    routes: 3_000,
    legs: [
      { sockets: 'raw', seconds: 60 },
      { sockets: 'net', seconds: 30 },
    ],
  },
  long: {
    routes: 10_000,
    legs: [
      { sockets: 'raw', seconds: 600 },
      { sockets: 'net', seconds: 300 },
    ],
  },
} as const;

/** What must hold; the last two only where enough was played to tell. */
const bars = { wrong: 0, refused: 0, miscounted: 0, leastSharpChecks: 20, leastChangesPerSecond: 95 };

/**
 * Changes a gateway's configuration 100 times a second while it is called without a pause. The gateway is linked as in production, to a stand-in
 * of the control plane, and enrols with it; each change is a revision or a step of the access state, and is acknowledged. Must hold: routes
 * that exist throughout answer right, every time; what changes shows a version that can be in force, and the new one once it is acknowledged;
 * WebSockets and downloads live on; every call is counted once.
 */
export async function playEngineChurn({ seed, length, say }: ChaosOptions): Promise<ChaosOutcome> {
  const { routes, legs } = sizes[length];
  const reports: ChurnReport[] = [];
  for (const leg of legs) {
    say(`${leg.sockets} sockets, ${routes} routes, ${leg.seconds} s`);
    reports.push(await playChurn({ ...leg, routes, connections: 96, tlsConnections: 32, seed, say }));
  }
  const sum = (pick: (report: ChurnReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  const least = (pick: (report: ChurnReport) => number): number => Math.min(...reports.map(pick));
  const wrong = sum((report) => report.wrong);
  const refused = sum((report) => report.refused);
  const miscounted = sum((report) => report.miscounted);
  const changesPerSecond = least((report) => report.changesPerSecond);
  const leastSharpChecks = least((report) => report.leastSharpChecks);
  const isSeen = least(({ steadyCalls, echoes, downloads }) => Math.min(steadyCalls, echoes, downloads)) > 0;
  const acknowledged = reports.flatMap(({ acknowledgedMs }) => acknowledgedMs).sort((a, b) => a - b);
  return {
    pass:
      wrong <= bars.wrong &&
      refused <= bars.refused &&
      miscounted <= bars.miscounted &&
      isSeen &&
      (length === 'smoke' ||
        (leastSharpChecks >= bars.leastSharpChecks && changesPerSecond >= bars.leastChangesPerSecond)),
    figures: {
      wrong,
      refused,
      miscounted,
      changesPerSecond: rounded(changesPerSecond),
      leastSharpChecks,
      made: sum(({ made }) => made),
      counted: sum(({ counted }) => counted),
      changes: sum(({ changes }) => changes),
      steadyCalls: sum(({ steadyCalls }) => steadyCalls),
      checks: sum(({ checks }) => checks),
      echoes: sum(({ echoes }) => echoes),
      downloads: sum(({ downloads }) => downloads),
      acknowledgedP50Ms: rounded(percentile(acknowledged, 0.5)),
      acknowledgedP99Ms: rounded(percentile(acknowledged, 0.99)),
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
