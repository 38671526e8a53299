import { useQuery } from '@tanstack/vue-query';
import { TollgateError } from '@tollgate/client';
import { api, dataOf, usePages } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue';
import { readPages } from '../app/read-pages.ts';
import { useSession } from '../app/session.ts';
import type { DataPlane, RecentCalls } from './group-health.ts';

/** How often what changes by itself is read again while somebody looks, in milliseconds. */
export const lookInterval = 4_000;

/** Pages of data planes that are read at once, of 200 each; a page says where there are more and reads on when it is asked to. */
const pagesAtOnce = 5;
/** How far the data planes are read in this tab. */
const wantedPages = ref(pagesAtOnce);

function isGone(error: unknown): boolean {
  return error instanceof TollgateError && error.status === 404;
}

/** One gateway group as it is now. */
export function useGatewayGroup(groupId: MaybeRefOrGetter<string>, refetchInterval = lookInterval) {
  return useQuery({
    queryKey: computed(() => ['gateway-groups', toValue(groupId)]),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}', { params: { path: { groupId: toValue(groupId) } }, signal })),
    // What never was there is not asked for again: its page would stand as if it were loading each time.
    refetchInterval: ({ state }) => (state.data === undefined && isGone(state.error) ? false : refetchInterval),
  });
}

/** Gateway groups whose name or id has `search` in it, page by page. */
export function useGatewayGroupPages(search: MaybeRefOrGetter<string>) {
  return usePages({
    key: () => ['gateway-groups', 'pages', toValue(search)],
    read: ({ cursor, signal }) => {
      const wanted = toValue(search);
      const query = { limit: 50, ...(cursor ? { cursor } : {}), ...(wanted === '' ? {} : { search: wanted }) };
      return dataOf(api.GET('/api/v1/gateway-groups', { params: { query }, signal }));
    },
    refetchInterval: lookInterval * 2,
    keepsPrevious: true,
  });
}

/** Data planes of a pool, or all that the organisation may see, with what they have in force. */
export function useDataPlanes(options: { poolId?: MaybeRefOrGetter<string | undefined>; interval?: number } = {}) {
  const { may } = useSession();
  const poolId = computed(() => toValue(options.poolId));
  const query = useQuery({
    queryKey: computed(() => [
      'data-planes',
      options.poolId === undefined ? 'all' : poolId.value,
      { pages: wantedPages.value },
    ]),
    queryFn: ({ signal }) =>
      readPages<DataPlane>({
        read: (cursor) => {
          const query = {
            limit: 200,
            ...(poolId.value ? { poolId: poolId.value } : {}),
            ...(cursor ? { cursor } : {}),
          };
          return dataOf(api.GET('/api/v1/data-planes', { params: { query }, signal }));
        },
        mostPages: wantedPages.value,
      }),
    enabled: computed(() => may('gateways.read') && (options.poolId === undefined || poolId.value !== undefined)),
    refetchInterval: options.interval ?? lookInterval,
    // What was read stays while more is read; data planes of another pool are none of this one.
    placeholderData: (before, queryBefore) =>
      queryBefore?.queryKey[1] === (poolId.value ?? 'all') ? before : undefined,
  });
  return {
    ...query,
    data: computed(() => query.data.value?.items),
    count: computed(() => query.data.value?.items.length ?? 0),
    isCut: computed(() => query.data.value?.hasMore ?? false),
    readOn: () => void (wantedPages.value += pagesAtOnce),
  };
}

/** Minutes that count as “of late”. */
export const recentMinutes = 15;
const minuteMs = 60_000;

/** Calls of the last minutes by gateway group, and how many of them a gateway or upstream failed. */
export function useRecentCalls() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['reports', 'calls', 'recent-by-group'],
    queryFn: async ({ signal }) => {
      const to = Math.ceil(Date.now() / minuteMs) * minuteMs;
      const query = {
        from: new Date(to - recentMinutes * minuteMs).toISOString(),
        to: new Date(to).toISOString(),
        groupBy: 'group',
      };
      const { rows } = await dataOf(api.GET('/api/v1/reports/calls', { params: { query }, signal }));
      return new Map(
        rows.map(({ groupId = '', calls, errors5xx }): [string, RecentCalls] => [
          groupId,
          { calls, failed: errors5xx },
        ]),
      );
    },
    enabled: computed(() => may('analytics.read')),
    refetchInterval: 10_000,
  });
}
