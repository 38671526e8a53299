import type { components } from '@tollgate/client';
import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';

type DraftResource = components['schemas']['DraftResource'];
type DraftChange = components['schemas']['DraftChange'];

/** A route that may be sold. */
export interface SellableRoute {
  readonly id: string;
  readonly name: string;
  readonly paths: readonly string[];
  readonly methods: readonly string[];
  readonly hosts: readonly string[];
  /** `unpublished`: only in the draft. `removed`: in force, but gone from the draft. */
  readonly state: 'in-force' | 'unpublished' | 'removed';
}

const perPage = 200;
/** Enough for every group that a person can look through; more are found by their id on the routes page. */
const mostPages = 25;

async function readAll<T>(
  read: (cursor: string | undefined) => Promise<{ items: T[]; nextCursor: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, nextCursor } = await read(cursor);
    all.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return all;
}

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

/** What of a gateway group is in force, read from its draft and how that differs from the published revision. */
export function useRoutesInForce(groupId: () => string) {
  return useQuery({
    queryKey: computed(() => ['routes', groupId(), 'in-force']),
    queryFn: async ({ signal }): Promise<SellableRoute[]> => {
      const path = { groupId: groupId() };
      const [drafts, changes] = await Promise.all([
        readAll<DraftResource>((cursor) =>
          dataOf(
            api.GET('/api/v1/gateway-groups/{groupId}/routes', {
              params: { path, query: { limit: perPage, cursor } },
              signal,
            }),
          ),
        ),
        readAll<DraftChange>((cursor) =>
          dataOf(
            api.GET('/api/v1/gateway-groups/{groupId}/diff', {
              params: { path, query: { limit: perPage, cursor } },
              signal,
            }),
          ),
        ),
      ]);
      const changed = changes.filter(({ kind }) => kind === 'route');
      const added = new Set(changed.filter(({ change }) => change === 'add').map(({ id }) => id));
      return [
        ...drafts.map(({ id, value }) => routeOf(id, value, added.has(id) ? 'unpublished' : 'in-force')),
        ...changed
          .filter(({ change }) => change === 'remove')
          .map(({ id, before }) => routeOf(id, before ?? {}, 'removed')),
      ].sort((a, b) => (a.paths[0] ?? '').localeCompare(b.paths[0] ?? ''));
    },
    staleTime: 30_000,
  });
}
