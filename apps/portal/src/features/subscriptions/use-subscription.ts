import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useRoute } from 'vue-router';
import { useSiteSlug } from '../../app/site.ts';

/** An approval comes from elsewhere; so often the page looks for it. */
const lookEveryMs = 4_000;

/** The subscription in the address. */
export function useSubscription() {
  const route = useRoute();
  const siteSlug = useSiteSlug();
  const path = computed(() => ({ siteSlug: siteSlug.value, subscriptionId: String(route.params.subscriptionId) }));
  const query = useQuery({
    queryKey: computed(() => ['subscriptions', path.value.siteSlug, path.value.subscriptionId]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}', { params: { path: path.value }, signal }),
      ),
    refetchInterval: lookEveryMs,
  });
  return { path, query };
}
