import type { SoakLeg, SoakReport } from './play-soak.ts';
import { growthOf, mostOf, workersAmong } from './thread-memory.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/**
 * What must hold besides that nothing is wrong, lost or left open.
 *
 * A leak shows in what is live, so that is held close, thread by thread. Resident memory is held per worker thread, because each has a heap and
 * arenas of malloc of its own, and not as closely, because little of it comes back. Measured with 10,500 connections on two workers: 60 MiB more are
 * resident once all are closed (100 at most before), all of them in arenas of glibc, which return only what lies at their top, while V8's heaps and
 * what is live are where they were. It is used again: the second half of the requests added 7 MiB. Neither MALLOC_ARENA_MAX=2 nor thresholds for
 * trimming and mapping nor a semi-space of 4 MiB made it less, so no setting is shipped. The bar on growth is twice what was measured, since runs are
 * longer and machines differ.
 */
export const soakBars = {
  healthWorstMs: 1_000,
  /** Resident memory that an idle connection costs; the public sockets of the runtime are larger than its handles. */
  rssPerIdle: { raw: 12 * kibibyte, net: 24 * kibibyte },
  /** Growth of what is in use by any one thread, from before anything was open until all is closed, and from the middle of the requests to their end. */
  liveGrowth: 4 * mebibyte,
  liveGrowthOfSecondHalf: 4 * mebibyte,
  /** The same of resident memory, for each worker thread. */
  rssGrowthPerWorker: 64 * mebibyte,
  rssGrowthOfSecondHalfPerWorker: 24 * mebibyte,
};

/** Holds in every run. */
export function isRight(report: SoakReport): boolean {
  const { corrupt, idleLost, deaths, uncounted, overcounted, healthFailed, socketsBefore, socketsAfter } = report;
  return (
    corrupt + idleLost + deaths + uncounted + overcounted + healthFailed === 0 &&
    socketsAfter <= socketsBefore &&
    workersAmong(report.memoryAfter) > 0 &&
    mostOf(growthOf('live', report.memoryBefore, report.memoryAfter)) <= soakBars.liveGrowth &&
    mostOf(liveGrowthOfSecondHalf(report)) <= soakBars.liveGrowthOfSecondHalf &&
    report.checked > 0 &&
    report.attacks > 0
  );
}

/** Holds where enough was played, on a machine that is not busy with other things. */
export function isWithin({ sockets, requests }: Pick<SoakLeg, 'sockets' | 'requests'>, report: SoakReport): boolean {
  const workers = workersAmong(report.memoryAfter);
  return (
    report.checked >= requests &&
    report.healthWorstMs <= soakBars.healthWorstMs &&
    report.rssPerIdle <= soakBars.rssPerIdle[sockets] &&
    report.rssAfter - report.rssBefore <= soakBars.rssGrowthPerWorker * workers &&
    rssGrowthOfSecondHalf(report) <= soakBars.rssGrowthOfSecondHalfPerWorker * workers
  );
}

/** What each thread has in use more at the end of the requests than in their middle. */
export function liveGrowthOfSecondHalf({ memoryQuarters }: SoakReport): ReadonlyMap<string, number> {
  return growthOf('live', middleOf(memoryQuarters), memoryQuarters.at(-1));
}

/** Resident memory at the end of the requests beyond that in their middle. */
export function rssGrowthOfSecondHalf({ rssQuarters }: SoakReport): number {
  return (rssQuarters.at(-1) ?? 0) - (middleOf(rssQuarters) ?? 0);
}

function middleOf<T>(quarters: readonly T[]): T | undefined {
  return quarters[quarters.length / 2 - 1];
}
