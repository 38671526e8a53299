import { useQuery } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf, usePages } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

export type Revision = components['schemas']['Revision'];

/** Revisions of a group, newest first, page by page. */
export function useRevisions(groupId: MaybeRefOrGetter<string>) {
  return usePages({
    key: () => ['revisions', toValue(groupId)],
    read: ({ cursor, signal }) =>
      dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/revisions', {
          params: { path: { groupId: toValue(groupId) }, query: { limit: 30, ...(cursor ? { cursor } : {}) } },
          signal,
        }),
      ),
    refetchInterval: 10_000,
  });
}

/** One revision; it never changes. */
export function useRevision(groupId: MaybeRefOrGetter<string>, revision: MaybeRefOrGetter<number | undefined>) {
  return useQuery({
    queryKey: computed(() => ['revisions', toValue(groupId), 'one', toValue(revision)]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/revisions/{revision}', {
          params: { path: { groupId: toValue(groupId), revision: toValue(revision) ?? 0 } },
          signal,
        }),
      ),
    enabled: computed(() => toValue(revision) !== undefined),
    staleTime: Infinity,
  });
}

/** What a revision changed, page by page. */
export function useRevisionChanges(groupId: MaybeRefOrGetter<string>, revision: MaybeRefOrGetter<number>) {
  return usePages({
    key: () => ['revisions', toValue(groupId), 'changes', toValue(revision)],
    read: ({ cursor, signal }) =>
      dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/revisions/{revision}/changes', {
          params: {
            path: { groupId: toValue(groupId), revision: toValue(revision) },
            query: { limit: 100, ...(cursor ? { cursor } : {}) },
          },
          signal,
        }),
      ),
  });
}
