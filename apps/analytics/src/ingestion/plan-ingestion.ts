import type { UsageBatch } from '@tollgate/contracts/dataplane';
import type { MeteredUsage } from '../quotas/quota-meter.ts';
import type { Contribution } from '../quotas/quota-meters.repository.ts';
import { clampMinute } from './clamp-minute.ts';
import type { BillableMinute, StreamKey, UsageAnomaly } from './ingestion.repository.ts';
import { UsageTally, type UsageCell } from './usage-cell.ts';
import { UsageStream, type Admission, type UsageStreamState } from './usage-stream.ts';

/** A batch as the control plane accepted it. */
export interface AcceptedBatch {
  readonly instanceId: string;
  readonly poolId: string;
  readonly contentSha256: string;
  readonly batch: UsageBatch;
  /** Seconds since the epoch. */
  readonly acceptedAt: number;
}

/** What taking some batches changes. */
export interface IngestionPlan extends MeteredUsage {
  readonly streams: { key: StreamKey; state: UsageStreamState }[];
  readonly minutes: UsageCell[];
  readonly hours: UsageCell[];
  readonly days: UsageCell[];
  readonly billable: BillableMinute[];
  readonly anomalies: UsageAnomaly[];
  /** How many batches had which fate. */
  readonly admissions: Record<Admission, number>;
  /** Rows whose minute lay too far ahead. */
  readonly clampedRows: number;
}

/** The streams that the batches belong to, each once, in the order in which they are locked. */
export function streamKeysOf(batches: readonly AcceptedBatch[]): StreamKey[] {
  const keys = new Map(
    batches.map(({ instanceId, batch: { epoch } }) => [nameOf({ instanceId, epoch }), { instanceId, epoch }]),
  );
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key);
}

/**
 * Works out what taking the batches changes: which of them count, and what they add to each roll-up. No I/O.
 * @param states of the streams in the order of {@link streamKeysOf}.
 */
export function planIngestion(batches: readonly AcceptedBatch[], states: readonly UsageStreamState[]): IngestionPlan {
  const keys = streamKeysOf(batches);
  const streams = new Map(keys.map((key, index) => [nameOf(key), new UsageStream(states[index])]));
  const [minutes, hours, days] = [new UsageTally(60), new UsageTally(3_600), new UsageTally(86_400)];
  const anomalies: UsageAnomaly[] = [];
  const contributions = new Map<string, Contribution>();
  const admissions: Record<Admission, number> = { new: 0, duplicate: 0, conflict: 0, refused: 0 };
  let clampedRows = 0;

  for (const { instanceId, poolId, contentSha256, batch, acceptedAt } of batches) {
    const { epoch, sequence, rows } = batch;
    const admission = streamOf(streams, { instanceId, epoch }).admit(sequence, contentSha256);
    admissions[admission] += 1;
    if (admission === 'conflict' || admission === 'refused') {
      anomalies.push({ instanceId, epoch, sequence, contentSha256, kind: admission, poolId });
    }
    if (admission !== 'new') continue;
    for (const row of rows) {
      const { minute, isClamped } = clampMinute(row.minute, acceptedAt);
      if (isClamped) clampedRows += 1;
      for (const tally of [minutes, hours, days]) tally.add(row, minute);
      const { tenantId, consumer, billable } = row;
      if (consumer === null || billable === 0) continue;
      const contribution = { tenantId, consumer, instanceId, epoch };
      contributions.set(Object.values(contribution).join('\n'), contribution);
    }
  }
  const minuteCells = minutes.cells();
  return {
    streams: keys.map((key) => ({ key, state: streamOf(streams, key).toState() })),
    minutes: minuteCells,
    hours: hours.cells(),
    days: days.cells(),
    billable: billableMinutes(minuteCells),
    contributions: inOrder(contributions),
    filled: keys.filter((key, index) => gapsIn(states[index]) > gapsIn(streamOf(streams, key).toState())),
    anomalies,
    admissions,
    clampedRows,
  };
}

function billableMinutes(cells: readonly UsageCell[]): BillableMinute[] {
  const sums = new Map<string, BillableMinute>();
  for (const { tenantId, start, consumer, billable } of cells) {
    if (billable === 0) continue;
    const name = [tenantId, start, consumer].join('\n');
    sums.set(name, { tenantId, start, consumer, billable: billable + (sums.get(name)?.billable ?? 0) });
  }
  return inOrder(sums);
}

/** How many batches are missing. */
function gapsIn(state: UsageStreamState | undefined): number {
  return (state?.gaps ?? []).reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** The values in the order of their names: the order in which rows are locked. */
function inOrder<T>(byName: ReadonlyMap<string, T>): T[] {
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function streamOf(streams: ReadonlyMap<string, UsageStream>, key: StreamKey): UsageStream {
  const stream = streams.get(nameOf(key));
  if (stream === undefined) throw new Error('a batch belongs to a stream that was not read');
  return stream;
}

function nameOf({ instanceId, epoch }: StreamKey): string {
  return `${instanceId}/${epoch}`;
}
