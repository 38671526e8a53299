import { playSoak, type SoakLeg, type SoakReport } from './engine-soak/play-soak.ts';
import type { ChaosOptions, ChaosOutcome } from './scenario.ts';

type LegSize = Omit<SoakLeg, 'seed' | 'say'>;

const usual = { connections: 48, tlsConnections: 16, attacksAtOnce: 2 };
const full = { ...usual, slowReadMs: 40_000, mostRestMs: 250, isLong: true };

/** Requests come in between idle, slow and broken connections; the `net` leg is shorter, as its sockets are the fallback. */
const sizes: Readonly<Record<ChaosOptions['length'], readonly LegSize[]>> = {
  smoke: [
    {
      ...usual,
      sockets: 'raw',
      requests: 20_000,
      seconds: 10,
      idle: 500,
      idleTls: 50,
      slowReadMs: 4_000,
      mostRestMs: 40,
      isLong: false,
    },
  ],
  normal: [
    { ...full, sockets: 'raw', requests: 900_000, seconds: 330, idle: 10_000, idleTls: 500 },
    { ...full, sockets: 'net', requests: 100_000, seconds: 50, idle: 2_000, idleTls: 500 },
  ],
  long: [
    { ...full, sockets: 'raw', requests: 10_000_000, seconds: 3_600, idle: 10_000, idleTls: 2_000 },
    { ...full, sockets: 'net', requests: 2_000_000, seconds: 1_200, idle: 10_000, idleTls: 2_000 },
  ],
};

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** What must hold besides that nothing is wrong, lost or left open. */
const bars = {
  healthWorstMs: 1_000,
  /** Resident memory that an idle connection costs; the public sockets of the runtime are larger than its handles. */
  rssPerIdle: { raw: 12 * kibibyte, net: 24 * kibibyte },
  /** Growth of what is in use, from before anything was open until all is closed, and from the middle of the requests to their end. */
  liveGrowth: 8 * mebibyte,
  liveGrowthOfSecondHalf: 8 * mebibyte,
  /** The same of resident memory, which the runtime gives back late. */
  rssGrowth: 160 * mebibyte,
  rssGrowthOfSecondHalf: 48 * mebibyte,
};

/**
 * Holds thousands of idle connections at a gateway while clients read and write slowly, vanish and break rules, upstreams break off, and a
 * million requests are made in between. Must hold: every answer is right to the byte, limits are answered by their statuses, the event loop
 * turns; and once everything is closed, the gateway's sockets and memory are where they were.
 */
export async function playEngineSoak({ seed, length, say }: ChaosOptions): Promise<ChaosOutcome> {
  const legs: { readonly size: LegSize; readonly report: SoakReport }[] = [];
  for (const size of sizes[length]) {
    say(`${size.sockets} sockets, ${size.idle + size.idleTls} idle connections, ${size.requests} requests`);
    legs.push({ size, report: await playSoak({ ...size, seed, say }) });
  }
  const figures = Object.assign({}, ...legs.map(({ size, report }) => figuresOf(size, report))) as Record<
    string,
    number
  >;
  return {
    pass: legs.every(({ size, report }) => isRight(report) && (length === 'smoke' || isWithin(size, report))),
    figures,
  };
}

/** Holds in every run. */
function isRight(report: SoakReport): boolean {
  const { corrupt, idleLost, deaths, uncounted, overcounted, healthFailed, socketsBefore, socketsAfter } = report;
  return (
    corrupt + idleLost + deaths + uncounted + overcounted + healthFailed === 0 &&
    socketsAfter <= socketsBefore &&
    report.liveAfter - report.liveBefore <= bars.liveGrowth &&
    secondHalf(report.liveQuarters) <= bars.liveGrowthOfSecondHalf &&
    report.checked > 0 &&
    report.attacks > 0
  );
}

/** Holds where enough was played, on a machine that is not busy with other things. */
function isWithin({ sockets, requests }: LegSize, report: SoakReport): boolean {
  const { rssBefore, rssAfter, rssQuarters } = report;
  return (
    report.checked >= requests &&
    report.healthWorstMs <= bars.healthWorstMs &&
    report.rssPerIdle <= bars.rssPerIdle[sockets] &&
    rssAfter - rssBefore <= bars.rssGrowth &&
    secondHalf(rssQuarters) <= bars.rssGrowthOfSecondHalf
  );
}

/** Growth from the middle of the requests to their end. */
function secondHalf(quarters: readonly number[]): number {
  return (quarters.at(-1) ?? 0) - (quarters[quarters.length / 2 - 1] ?? 0);
}

function figuresOf({ sockets }: LegSize, report: SoakReport): Record<string, number> {
  const figures = {
    corrupt: report.corrupt,
    idleLost: report.idleLost,
    deaths: report.deaths,
    uncounted: report.uncounted,
    overcounted: report.overcounted,
    healthFailed: report.healthFailed,
    healthWorstMs: Math.round(report.healthWorstMs),
    socketsBefore: report.socketsBefore,
    socketsAfter: report.socketsAfter,
    idleRssBytes: Math.round(report.rssPerIdle),
    liveGrowthBytes: report.liveAfter - report.liveBefore,
    liveGrowthOfSecondHalfBytes: secondHalf(report.liveQuarters),
    rssGrowthBytes: report.rssAfter - report.rssBefore,
    rssGrowthOfSecondHalfBytes: secondHalf(report.rssQuarters),
    asked: report.asked,
    checked: report.checked,
    attacks: report.attacks,
    healthWorstTotalMs: Math.round(report.healthWorstTotalMs),
    socketsAtMost: report.socketsAtMost,
    idleLiveBytes: Math.round(report.livePerIdle),
    idleTlsLiveBytes: Math.round(report.livePerIdleTls),
    idleCpuPercent: Math.round(report.idleCpuShare * 1000) / 10,
    rssBeforeBytes: report.rssBefore,
    ...Object.fromEntries(report.rssQuarters.map((bytes, index) => [`rssQuarter${index + 1}Bytes`, bytes])),
    rssAfterBytes: report.rssAfter,
  };
  const named = (name: string): string => `${sockets}${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [named(name), value]));
}
