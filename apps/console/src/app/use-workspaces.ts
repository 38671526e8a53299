import { useQuery } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useSession } from './session.ts';

export type Workspace = components['schemas']['Workspace'];

/** The workspaces of a group, 200 at most, and their names by id. */
export function useWorkspaces(groupId: MaybeRefOrGetter<string>) {
  const { may } = useSession();
  const query = useQuery({
    queryKey: computed(() => ['workspaces', toValue(groupId), 'all']),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/workspaces', {
          params: { path: { groupId: toValue(groupId) }, query: { limit: 200 } },
          signal,
        }),
      ),
    select: ({ items }) => items,
    enabled: computed(() => may('config.read')),
  });
  return { ...query, names: computed(() => new Map((query.data.value ?? []).map(({ id, name }) => [id, name]))) };
}
