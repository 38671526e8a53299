import { usePages, useSettled } from '@tollgate/ui';
import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, ref, shallowReactive, toValue, watch } from 'vue';
import { useRoute } from 'vue-router';
import { type Resource, resourceApi, type ResourceFilters, type ResourceSegment } from './resource-api.ts';

/** The gateway group in the address. */
export function useGroupId(): string {
  const { groupId } = useRoute().params;
  return typeof groupId === 'string' ? groupId : '';
}

/** A screen full comes at once; whoever scrolls gets more in fewer calls. */
const firstPage = 50;
const laterPages = 100;

/** A kind’s list as the filters say, page by page; what was there stays until the answer to other filters has come. */
export function useResourceList(segment: ResourceSegment, filters: MaybeRefOrGetter<ResourceFilters>, limit?: number) {
  const groupId = useGroupId();
  const { list } = resourceApi(segment, groupId);
  return usePages<Resource>({
    key: () => [segment, groupId, 'list', toValue(filters)],
    read: ({ cursor, signal }) =>
      list({
        filters: toValue(filters),
        cursor,
        limit: limit ?? (cursor === undefined ? firstPage : laterPages),
        signal,
      }),
    keepsPrevious: true,
  });
}

/** How many resources of a kind the filters take. */
export function useResourceCount(segment: ResourceSegment, filters: MaybeRefOrGetter<ResourceFilters> = {}) {
  const groupId = useGroupId();
  const { list } = resourceApi(segment, groupId);
  return useQuery({
    queryKey: computed(() => [segment, groupId, 'count', toValue(filters)]),
    queryFn: async ({ signal }) => (await list({ filters: toValue(filters), limit: 1, signal })).total ?? 0,
  });
}

/** Stands where a name will be in a moment; an id would be read as the name. */
const notYet = '…';

/** What is offered while somebody looks for one resource of a kind, in a workspace or in all, and what the chosen one is called. */
export function useResourcePicker(
  segment: ResourceSegment,
  chosen: MaybeRefOrGetter<string | undefined>,
  workspaceId: MaybeRefOrGetter<string | undefined> = undefined,
) {
  const search = ref('');
  const settled = useSettled(search);
  const { items } = useResourceList(
    segment,
    () => ({ search: settled.value, sort: 'name', workspaceId: toValue(workspaceId) }),
    20,
  );
  const { data, error } = useResource(segment, chosen);
  return {
    search,
    options: computed(() =>
      items.value.map((resource) => {
        const name = nameOf(resource);
        return { value: resource.id, label: name, ...(name === resource.id ? {} : { hint: resource.id }) };
      }),
    ),
    chosenLabel: computed(() => {
      const id = toValue(chosen);
      const known = data.value ?? items.value.find((item) => item.id === id);
      if (known !== undefined) return nameOf(known);
      return id === undefined || error.value !== null ? id : notYet;
    }),
  };
}

/** The API picks out so many by their ids at once. */
const mostPicked = 100;

/** Names of the resources that a list refers to, as they come into it. */
export function useResourceNames(segment: ResourceSegment, ids: () => readonly string[]): ReadonlyMap<string, string> {
  const groupId = useGroupId();
  const { list } = resourceApi(segment, groupId);
  const queryClient = useQueryClient();
  const names = shallowReactive(new Map<string, string>());
  const asked = new Set<string>();

  async function ask(part: readonly string[]): Promise<void> {
    for (const id of part) {
      asked.add(id);
      names.set(id, notYet);
    }
    const filters = { ids: part.join(',') };
    try {
      const { items } = await queryClient.fetchQuery({
        queryKey: [segment, groupId, 'names', filters.ids],
        queryFn: ({ signal }) => list({ filters, limit: mostPicked, signal }),
      });
      for (const id of part) names.delete(id);
      for (const resource of items) names.set(resource.id, nameOf(resource));
    } catch {
      // Ids stand in for the names; they are asked for again when the list changes.
      for (const id of part) {
        asked.delete(id);
        names.delete(id);
      }
    }
  }
  watch(
    ids,
    (wanted) => {
      const missing = [...new Set(wanted)].filter((id) => !asked.has(id)).toSorted();
      for (let start = 0; start < missing.length; start += mostPicked)
        void ask(missing.slice(start, start + mostPicked));
    },
    { immediate: true },
  );
  return names;
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
