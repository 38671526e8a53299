import type { ReportDimension, ReportOrder } from '@tollgate/contracts/rest/analytics';
import type { RollUp } from './choose-roll-up.ts';

interface Dimension {
  readonly expression: string;
  readonly name: string;
}

const dimensions: Record<ReportDimension, Dimension> = {
  group: { expression: 'group_id', name: 'groupId' },
  route: { expression: 'route_id', name: 'routeId' },
  subscription: { expression: 'consumer', name: 'consumer' },
  status: { expression: 'status', name: 'status' },
  tried: { expression: 'is_tried', name: 'isTried' },
  statusClass: { expression: `status / 100 || 'xx'`, name: 'statusClass' },
  minute: { expression: 'start', name: 'time' },
  hour: { expression: `date_trunc('hour', start, 'UTC')`, name: 'time' },
  day: { expression: `date_trunc('day', start, 'UTC')`, name: 'time' },
};

/** Sums exceed what PostgreSQL's driver gives as a number; those of a tenant stay far below 2^53. */
const sum = (column: string) => `sum(${column})::float8`;
const sumOf = (condition: string) => `coalesce(sum(calls) filter (where ${condition}), 0)::float8`;

const mostFirst: Record<ReportOrder, string> = {
  calls: 'calls desc',
  errors: 'errors desc',
  p95: 'p95 desc nulls last',
};

/**
 * Grouped counters with their latency sketches, in the order that is asked for. Built from the constants above only; everything a caller
 * says is a parameter: $1 tenant, $2 and $3 range, $4 group, $5 route, $6 consumer, $7 status, $8 most rows, $9 application, $10 product,
 * $11 class of status, $12 whether tries or calls of clients alone.
 */
export function countsSql(
  { table }: RollUp,
  { groupBy, orderBy }: { groupBy: readonly ReportDimension[]; orderBy?: ReportOrder | undefined },
): string {
  const keys = groupBy.map((dimension) => dimensions[dimension]);
  const selected = keys.map(({ expression, name }) => `${expression} as "${name}", `).join('');
  const names = keys.map(({ name }) => `"${name}"`);
  const isGrouped = names.length > 0;
  const grouped = isGrouped ? `group by ${names.join(', ')}` : '';
  const ofNames = names.map((name) => `${name}, `).join('');
  const perGroup = isGrouped ? `partition by ${names.join(', ')}` : '';
  const sameGroup = isGrouped ? `using (${names.join(', ')})` : 'on true';
  const order = [...(orderBy === undefined ? [] : [mostFirst[orderBy]]), ...names].join(', ');
  const ordered = isGrouped ? `order by ${order}` : '';
  // Only the latencies tell which rows are slowest; otherwise the counts alone tell which rows are left out.
  const isSlowestFirst = orderBy === 'p95' && isGrouped;
  const cut = isSlowestFirst ? '' : `${ordered} limit $8`;
  const slowest = isSlowestFirst ? `left join slowness ${sameGroup} ${ordered} limit $8` : ordered;
  return `
    with cells as materialized (
      select ${selected} status as answer, calls, billable, bytes_in, bytes_out, latency_sum_us, latency_buckets, latency_counts
      from ${table}
      where tenant_id = $1 and start >= $2 and start < $3
        and ($4::text is null or group_id = $4)
        and ($5::text is null or route_id = $5)
        and ($6::text is null or consumer = $6)
        and ($7::int is null or status = $7)
        and ($9::text is null or consumer in (
          select subscription_id from subscription_labels where tenant_id = $1 and application_id = $9))
        and ($10::text is null or consumer in (
          select subscription_id from subscription_labels where tenant_id = $1 and product_id = $10))
        and ($11::int is null or status / 100 = $11)
        and ($12::boolean is null or is_tried = $12)
    ), counts as (
      select ${ofNames} ${sum('calls')} as calls, ${sum('billable')} as billable, ${sum('bytes_in')} as "bytesIn",
        ${sum('bytes_out')} as "bytesOut", ${sum('latency_sum_us')} as "latencySumUs", ${sumOf('answer / 100 = 4')} as "errors4xx",
        ${sumOf('answer / 100 = 5')} as "errors5xx", ${sumOf('answer >= 400')} as errors
      from cells ${grouped} having count(*) > 0 ${cut}
    ), buckets as (
      select ${ofNames} bucket, ${sum('count')} as count
      from cells, unnest(latency_buckets, latency_counts) as sketch (bucket, count)
      group by ${ofNames} bucket
    ), slowness as (
      select ${ofNames} min(bucket) filter (where so_far >= 0.95 * in_all) as p95
      from (select ${ofNames} bucket, sum(count) over (${perGroup} order by bucket) as so_far,
          sum(count) over (${perGroup}) as in_all from buckets) as ascending
      ${grouped}
    ), sketches as (
      select ${ofNames} json_agg(json_build_array(bucket, count)) as histogram from buckets ${grouped}
    )
    select counts.*, coalesce(histogram, '[]') as histogram from counts left join sketches ${sameGroup} ${slowest}`;
}
