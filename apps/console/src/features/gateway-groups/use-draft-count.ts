import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, useFormat } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../../app/session.ts';

/** Beyond these the exact number says no more. */
const mostCounted = 100;

/** How many changes of a group wait for being published; `text` is undefined while there are none, or nobody may know. */
export function useDraftCount(groupId: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const { may } = useSession();
  const format = useFormat();
  const { data: count } = useQuery({
    queryKey: computed(() => ['changes', toValue(groupId), 'count']),
    queryFn: async ({ signal }) => {
      const { items, nextCursor } = await dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/diff', {
          params: { path: { groupId: toValue(groupId) }, query: { limit: mostCounted } },
          signal,
        }),
      );
      return { listed: items.length, isMore: nextCursor !== null };
    },
    enabled: computed(() => may('config.read')),
    staleTime: 20_000,
  });
  const text = computed(() => {
    const { listed = 0, isMore = false } = count.value ?? {};
    if (listed === 0) return undefined;
    return isMore
      ? t('gatewayGroups.changes.more', { n: format.number(listed) })
      : t('gatewayGroups.changes.some', { n: format.number(listed) }, listed);
  });
  return { count, text };
}
