import type { ReportDimension } from '@tollgate/contracts/rest/analytics';

/** One of the spans of time that counters are kept by. */
export interface RollUp {
  readonly table: 'usage_minutes' | 'usage_hours' | 'usage_days';
  readonly spanMs: number;
  /** How long its counters are kept. */
  readonly retentionMs: number;
}

/** What is asked for; `to` is not part of the range. */
export interface ReportRange {
  readonly from: Date;
  readonly to: Date;
  readonly groupBy: readonly ReportDimension[];
}

/** How long counters are kept, in days. */
export interface Retention {
  readonly minutes: number;
  readonly hours: number;
  readonly days: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The roll-ups, coarsest first. */
export function rollUps(retention: Retention): RollUp[] {
  return [
    { table: 'usage_days', spanMs: dayMs, retentionMs: retention.days * dayMs },
    { table: 'usage_hours', spanMs: hourMs, retentionMs: retention.hours * dayMs },
    { table: 'usage_minutes', spanMs: 60_000, retentionMs: retention.minutes * dayMs },
  ];
}

const spanOfDimension: Partial<Record<ReportDimension, number>> = { minute: 60_000, hour: hourMs, day: dayMs };

/**
 * The coarsest roll-up that answers exactly: the range begins and ends with its spans, it is no coarser than the grouping, and the range is
 * within its retention. Null when there is none.
 */
export function chooseRollUp(range: ReportRange, candidates: readonly RollUp[], now: Date): RollUp | null {
  const finest = Math.min(...range.groupBy.map((dimension) => spanOfDimension[dimension] ?? dayMs), dayMs);
  const isAligned = ({ spanMs }: RollUp) => range.from.getTime() % spanMs === 0 && range.to.getTime() % spanMs === 0;
  const isKept = ({ retentionMs }: RollUp) => range.from.getTime() >= now.getTime() - retentionMs;
  return candidates.find((rollUp) => rollUp.spanMs <= finest && isAligned(rollUp) && isKept(rollUp)) ?? null;
}
