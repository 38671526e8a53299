import { Injectable } from '@nestjs/common';
import type { ReportDimension } from '@tollgate/contracts/rest/analytics';
import type { UnitOfWork } from '@tollgate/persistence';
import type { ReportRange, RollUp } from './choose-roll-up.ts';
import type { LatencyHistogram } from './latency.ts';

/** Which calls a report is about. */
export interface CallFilter extends ReportRange {
  readonly tenantId: string;
  readonly groupId?: string | undefined;
  readonly routeId?: string | undefined;
  readonly consumer?: string | undefined;
  readonly status?: number | undefined;
}

/** Counters of one group of calls; of the optional members it has those that were grouped by. */
export interface CallCounts {
  readonly groupId?: string;
  readonly routeId?: string;
  readonly consumer?: string;
  readonly status?: number;
  readonly time?: Date;
  readonly calls: number;
  readonly billable: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly latencySumUs: number;
  readonly histogram: LatencyHistogram;
}

interface Dimension {
  readonly expression: string;
  readonly name: string;
}

const dimensions: Record<ReportDimension, Dimension> = {
  group: { expression: 'group_id', name: 'groupId' },
  route: { expression: 'route_id', name: 'routeId' },
  subscription: { expression: 'consumer', name: 'consumer' },
  status: { expression: 'status', name: 'status' },
  minute: { expression: 'start', name: 'time' },
  hour: { expression: `date_trunc('hour', start, 'UTC')`, name: 'time' },
  day: { expression: `date_trunc('day', start, 'UTC')`, name: 'time' },
};

/** Sums exceed what PostgreSQL's driver gives as a number; those of a tenant stay far below 2^53. */
const sum = (column: string) => `sum(${column})::float8`;

@Injectable()
export class ReportsRepository {
  /** Grouped counters, ordered by what they are grouped by; `limit` rows at most. */
  async listCounts({ manager }: UnitOfWork, rollUp: RollUp, filter: CallFilter, limit: number): Promise<CallCounts[]> {
    const { tenantId, from, to, groupId, routeId, consumer, status } = filter;
    return manager.query<CallCounts[]>(countsSql(rollUp, filter.groupBy), [
      tenantId,
      from,
      to,
      groupId ?? null,
      routeId ?? null,
      consumer ?? null,
      status ?? null,
      limit,
    ]);
  }
}

/** Built from the constants above only; everything a caller says is a parameter. */
function countsSql({ table }: RollUp, groupBy: readonly ReportDimension[]): string {
  const keys = groupBy.map((dimension) => dimensions[dimension]);
  const selected = keys.map(({ expression, name }) => `${expression} as "${name}", `).join('');
  const names = keys.map(({ name }) => `"${name}"`);
  const grouped = names.length === 0 ? '' : `group by ${names.join(', ')}`;
  const ordered = names.length === 0 ? '' : `order by ${names.join(', ')}`;
  const ofNames = names.map((name) => `${name}, `).join('');
  const sketchOf = names.length === 0 ? 'on true' : `using (${names.join(', ')})`;
  return `
    with cells as materialized (
      select ${selected} calls, billable, bytes_in, bytes_out, latency_sum_us, latency_buckets, latency_counts
      from ${table}
      where tenant_id = $1 and start >= $2 and start < $3
        and ($4::text is null or group_id = $4)
        and ($5::text is null or route_id = $5)
        and ($6::text is null or consumer = $6)
        and ($7::int is null or status = $7)
    ), counts as (
      select ${ofNames} ${sum('calls')} as calls, ${sum('billable')} as billable, ${sum('bytes_in')} as "bytesIn",
        ${sum('bytes_out')} as "bytesOut", ${sum('latency_sum_us')} as "latencySumUs"
      from cells ${grouped} having count(*) > 0 ${ordered}
      limit $8
    ), buckets as (
      select ${ofNames} bucket, ${sum('count')} as count
      from cells, unnest(latency_buckets, latency_counts) as sketch (bucket, count)
      group by ${ofNames} bucket
    ), sketches as (
      select ${ofNames} json_agg(json_build_array(bucket, count)) as histogram from buckets ${grouped}
    )
    select counts.*, coalesce(histogram, '[]') as histogram from counts left join sketches ${sketchOf} ${ordered}`;
}
