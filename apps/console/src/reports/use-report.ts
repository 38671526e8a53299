import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import type { components, operations } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

/** Calls, counted. */
export type CallReport = components['schemas']['CallReport'];
export type CallReportRow = components['schemas']['CallReportRow'];
/** What a report is asked for. */
export type ReportQuery = operations['getCallReport']['parameters']['query'];

/** How often figures are read again while somebody looks at them. */
const usualMs = 15_000;

/** A report that stays current; while another one is read, the present one stays in sight. */
export function useReport(
  query: MaybeRefOrGetter<ReportQuery>,
  { enabled = true, everyMs = usualMs }: { enabled?: MaybeRefOrGetter<boolean>; everyMs?: number } = {},
) {
  return useQuery({
    queryKey: computed(() => ['reports', toValue(query)]),
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/reports/calls', { params: { query: toValue(query) }, signal })),
    enabled: computed(() => toValue(enabled)),
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
}

/** The share of calls that were answered with 4xx or 5xx; 0 without calls. */
export function errorShare({
  calls,
  errors4xx,
  errors5xx,
}: {
  calls: number;
  errors4xx: number;
  errors5xx: number;
}): number {
  return calls === 0 ? 0 : (errors4xx + errors5xx) / calls;
}

/** How much `now` differs from `before` as a share of it; undefined where there was nothing before. */
export function changeOf(now: number, before: number | undefined): number | undefined {
  return before === undefined || before === 0 ? undefined : (now - before) / before;
}
