import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { AcceptedBatch } from '../ingestion/plan-ingestion.ts';

/** A minute well within every retention, seconds since the epoch. */
export const sampleMinute = Math.floor(Date.now() / 3_600_000) * 3_600 - 7_200;

/** A row of one successful call of 1 ms, with `change` applied. */
export function usageRow(change: Partial<UsageRow> & Pick<UsageRow, 'tenantId' | 'groupId'>): UsageRow {
  const calls = change.calls ?? 1;
  return {
    minute: sampleMinute,
    routeId: 'route-1',
    consumer: null,
    status: 200,
    calls,
    billable: calls,
    latencySumUs: 1_000 * calls,
    latency: [[39, calls]],
    bytesIn: 100 * calls,
    bytesOut: 1_000 * calls,
    ...change,
  };
}

/** A data-plane process. */
export const sampleStream = () => ({ instanceId: newId('dp'), epoch: randomBytes(16).toString('hex') });

/** Batches of one data-plane process, numbered from 1. */
export function batchesOf(
  rows: readonly UsageRow[][],
  stream: { instanceId: string; epoch: string } = sampleStream(),
): AcceptedBatch[] {
  return rows.map((batchRows, index) => {
    const batch = { epoch: stream.epoch, sequence: index + 1, rows: batchRows };
    return {
      instanceId: stream.instanceId,
      poolId: samplePool,
      contentSha256: createHash('sha256').update(JSON.stringify(batch)).digest('hex'),
      batch,
      acceptedAt: sampleMinute + 600,
    };
  });
}

const samplePool = newId('pool');
