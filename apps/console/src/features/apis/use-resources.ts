import { usePages } from '@tollgate/ui';
import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue, watch } from 'vue';
import { useRoute } from 'vue-router';
import { type Resource, resourceApi, type ResourceSegment } from './resource-api.ts';

/** The gateway group in the address. */
export function useGroupId(): string {
  const { groupId } = useRoute().params;
  return typeof groupId === 'string' ? groupId : '';
}

/** Every resource of a kind: the API pages them and knows no search, so all pages are read, one after the other. */
export function useResources(segment: ResourceSegment) {
  const groupId = useGroupId();
  const { list } = resourceApi(segment, groupId);
  const pages = usePages<Resource>({ key: [segment, groupId], read: list });
  watch(
    [pages.hasNextPage, pages.isFetching],
    ([hasNext, isFetching]) => {
      if (hasNext && !isFetching && !pages.isFetchNextPageError.value) void pages.fetchNextPage();
    },
    { immediate: true },
  );
  return pages;
}

/** One resource; without an id nothing is asked. */
export function useResource(segment: ResourceSegment, resourceId: MaybeRefOrGetter<string | undefined>) {
  const groupId = useGroupId();
  const { get } = resourceApi(segment, groupId);
  return useQuery({
    queryKey: computed(() => [segment, groupId, toValue(resourceId)]),
    queryFn: ({ signal }) => get(toValue(resourceId) ?? '', signal),
    enabled: computed(() => toValue(resourceId) !== undefined),
    // What somebody edits does not change under their hands; a save finds out by its version.
    refetchOnWindowFocus: false,
    staleTime: 0,
  });
}

/** How a resource is called: its name, else its id. */
export function nameOf({ id, value }: Pick<Resource, 'id' | 'value'>): string {
  return typeof value.name === 'string' && value.name !== '' ? value.name : id;
}
