import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, useFormat } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../../app/session.ts';

/** How many changes of a group wait for being published; `text` is undefined while there are none, or nobody may know. */
export function useDraftCount(groupId: MaybeRefOrGetter<string>) {
  const { t } = useI18n();
  const { may } = useSession();
  const format = useFormat();
  const { data: count } = useQuery({
    queryKey: computed(() => ['changes', toValue(groupId), 'count']),
    queryFn: async ({ signal }) => {
      const { total = 0 } = await dataOf(
        api.GET('/api/v1/gateway-groups/{groupId}/diff', {
          params: { path: { groupId: toValue(groupId) }, query: { limit: 1, withTotal: 'true' } },
          signal,
        }),
      );
      return { total };
    },
    enabled: computed(() => may('config.read')),
    staleTime: 20_000,
  });
  const text = computed(() => {
    const { total = 0 } = count.value ?? {};
    return total === 0 ? undefined : t('gatewayGroups.changes.some', { n: format.number(total) }, total);
  });
  return { count, text };
}
