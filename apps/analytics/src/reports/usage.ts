import type { CallReport, ReportQuery, Usage, UsageInterval, UsageRange } from '@tollgate/contracts/rest/analytics';

/** The report that tells the usage of a subscription or an application. */
export function usageQuery({
  interval,
  ...filter
}: UsageRange & { subscriptionId?: string | undefined; applicationId?: string | undefined }): ReportQuery {
  return { ...filter, groupBy: [interval], tries: 'included', fill: true };
}

/** What developers are told of a report. */
export function toUsage({ from, to, rows, total }: CallReport, interval: UsageInterval): Usage {
  const points = rows.map(({ time = from, ...measures }) => ({ time, ...figuresOf(measures) }));
  return { from, to, interval, points, total: figuresOf(total) };
}

function figuresOf({ calls, errors4xx, errors5xx, latency }: CallReport['total']): Usage['total'] {
  return { calls, errors4xx, errors5xx, latency };
}
