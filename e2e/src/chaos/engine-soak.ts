import { playSoak, type SoakLeg, type SoakReport } from './engine-soak/play-soak.ts';
import { isRight, isWithin, liveGrowthOfSecondHalf, rssGrowthOfSecondHalf } from './engine-soak/soak-bars.ts';
import { growthOf, mostOf, workersAmong } from './engine-soak/thread-memory.ts';
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

function figuresOf({ sockets }: LegSize, report: SoakReport): Record<string, number> {
  const { memoryBefore, memoryAfter } = report;
  const workers = workersAmong(memoryAfter);
  const liveGrowth = growthOf('live', memoryBefore, memoryAfter);
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
    liveGrowthBytes: mostOf(liveGrowth),
    liveGrowthOfSecondHalfBytes: mostOf(liveGrowthOfSecondHalf(report)),
    rssGrowthPerWorkerBytes: Math.round((report.rssAfter - report.rssBefore) / workers),
    rssGrowthOfSecondHalfPerWorkerBytes: Math.round(rssGrowthOfSecondHalf(report) / workers),
    asked: report.asked,
    checked: report.checked,
    attacks: report.attacks,
    healthWorstTotalMs: Math.round(report.healthWorstTotalMs),
    socketsAtMost: report.socketsAtMost,
    idleLiveBytes: Math.round(report.livePerIdle),
    idleTlsLiveBytes: Math.round(report.livePerIdleTls),
    idleCpuPercent: Math.round(report.idleCpuShare * 1000) / 10,
    workers,
    ...Object.fromEntries([...liveGrowth].map(([name, bytes]) => [`${name.replace('-', '')}LiveGrowthBytes`, bytes])),
    heapTakenGrowthBytes: mostOf(growthOf('heapTaken', memoryBefore, memoryAfter)),
    rssBeforeBytes: report.rssBefore,
    ...Object.fromEntries(report.rssQuarters.map((bytes, index) => [`rssQuarter${index + 1}Bytes`, bytes])),
    rssAfterBytes: report.rssAfter,
  };
  const named = (name: string): string => `${sockets}${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`;
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [named(name), value]));
}
