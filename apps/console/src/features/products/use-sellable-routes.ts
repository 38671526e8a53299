import type { components } from '@tollgate/client';
import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, usePages } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { resourceApi } from '../../resources/resource-api.ts';

type DraftResource = components['schemas']['DraftResource'];

/** A route that may be sold. */
export interface SellableRoute {
  readonly id: string;
  readonly name: string;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly hosts: readonly string[];
  /** `unpublished`: only in the draft. `removed`: in force, but gone from the draft. `gone`: in neither. */
  readonly state: 'in-force' | 'unpublished' | 'removed' | 'gone';
}

const perPage = 50;
/** The API picks out so many by their ids at once. */
const mostPicked = 100;

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string');

function routeOf(id: string, value: Readonly<Record<string, unknown>>, state: SellableRoute['state']): SellableRoute {
  return {
    id,
    name: textsOf(value['name'])[0] ?? '',
    paths: [...textsOf(value['uri']), ...textsOf(value['uris'])],
    methods: textsOf(value['methods']),
    hosts: [...textsOf(value['host']), ...textsOf(value['hosts'])],
    state,
  };
}
const ofDraft = ({ id, value, isInForce }: DraftResource): SellableRoute =>
  routeOf(id, value, isInForce ? 'in-force' : 'unpublished');

function fits({ id, name, paths, hosts }: SellableRoute, search: string): boolean {
  const wanted = search.toLowerCase();
  return wanted === '' || [id, name, ...paths, ...hosts].some((text) => text.toLowerCase().includes(wanted));
}

/** Routes of a gateway group as a product may sell them: those of the draft page by page, those it removes, and those that are sold already. */
export function useSellableRoutes(options: {
  groupId: MaybeRefOrGetter<string>;
  search: MaybeRefOrGetter<string>;
  /** Ids of what was sold when the page was opened. */
  sold: readonly string[];
}) {
  const { groupId, search, sold } = options;
  const drafted = usePages<DraftResource>({
    key: () => ['routes', toValue(groupId), 'sellable', toValue(search)],
    read: ({ cursor, signal }) => {
      const filters = { search: toValue(search), sort: 'name' };
      return resourceApi('routes', toValue(groupId)).list({ filters, cursor, limit: perPage, signal });
    },
    keepsPrevious: true,
  });
  const { data: removed } = useQuery({
    queryKey: computed(() => ['changes', toValue(groupId), 'removed-routes']),
    queryFn: ({ signal }) => {
      const query = { kind: 'route', change: 'remove', limit: mostPicked } as const;
      const path = { groupId: toValue(groupId) };
      return dataOf(api.GET('/api/v1/gateway-groups/{groupId}/diff', { params: { path, query }, signal }));
    },
    select: ({ items }) => items.map(({ id, before }) => routeOf(id, before ?? {}, 'removed')),
  });
  const { data: picked } = useQuery({
    queryKey: computed(() => ['routes', toValue(groupId), 'sold', sold]),
    queryFn: async ({ signal }) => {
      const { list } = resourceApi('routes', toValue(groupId));
      const parts = Array.from({ length: Math.ceil(sold.length / mostPicked) }, (_, part) =>
        sold.slice(part * mostPicked, (part + 1) * mostPicked),
      );
      const pages = await Promise.all(
        parts.map((ids) => list({ filters: { ids: ids.join(',') }, limit: mostPicked, signal })),
      );
      return pages.flatMap(({ items }) => items.map(ofDraft));
    },
  });

  const listed = computed(() => drafted.items.value.map(ofDraft));
  const soldRoutes = computed(() => {
    if (picked.value === undefined || removed.value === undefined) return [];
    const known = new Map([...removed.value, ...picked.value].map((route) => [route.id, route]));
    return sold.map((id) => known.get(id) ?? routeOf(id, {}, 'gone'));
  });
  /** What the draft does not list and may be sold, or is. */
  const others = computed(() => {
    const gone = soldRoutes.value.filter(({ state }) => state === 'gone');
    return [...gone, ...(removed.value ?? [])].filter((route) => fits(route, toValue(search)));
  });
  return {
    ...drafted,
    /** Everything that fits the search, as far as it is read. */
    found: computed(() => [...others.value, ...listed.value]),
    /** Everything that is known of what was sold. */
    soldRoutes,
    fits,
  };
}
